"""What machines share through Redis. It is loaded with `REDIS_URL` only: the client is a tenth of all modules' time."""
