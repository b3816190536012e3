"""Cards of addresses on other sites: what is stored of each page, and how it is fetched."""
