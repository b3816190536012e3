"""Response headers that Django has no setting for, also of errors and static files."""

from django.conf import settings
from django.utils.deprecation import MiddlewareMixin

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


class SiteHeaders(MiddlewareMixin):
    """Outermost middleware: sets each header that the response does not have."""

    def process_response(self, request, response):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
