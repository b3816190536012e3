"""Response headers that Django has no setting for, also of errors and static files."""

from django.conf import settings

_UNUSED_FEATURES = (
    "accelerometer browsing-topics camera display-capture geolocation gyroscope hid magnetometer microphone midi "
    "payment serial usb"
)
PERMISSIONS_POLICY = ", ".join([*(f"{feature}=()" for feature in _UNUSED_FEATURES.split()), "fullscreen=(self)"])

HEADERS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Origin-Agent-Cluster": "?1",
    "Reporting-Endpoints": 'csp="/csp-report"',
}


class SiteHeaders:
    """Outermost middleware: sets each header that the response does not have."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
