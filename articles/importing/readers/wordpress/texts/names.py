"""What shortcodes of plugins are for, by their names."""

import re

# They colour code: the content as it stands, with a language or without.
LANGUAGES = {
    "php", "css", "js", "javascript", "python", "py", "bash", "shell", "xml", "html", "sql", "java", "csharp", "cpp",
    "ruby", "perl", "diff", "jscript", "vb", "delphi", "scala", "groovy", "powershell", "go", "swift", "json", "yaml",
}  # fmt: skip
CODE = {"code", "sourcecode", "source", "highlight", "cc", "cci", "crayon", "prism", "codeblock", "geshi", "text",
        "plain", "ccn", "ccb", "pre", "codesyntax"}  # fmt: skip
# Filled in by readers, or made anew for each of them: neither they nor their content are text.
FORMS = {
    "contact-form-7", "contact-form", "contact-field", "gravityform", "gravityforms", "wpforms", "ninja_form",
    "ninja_forms", "formidable", "mc4wp_form", "fluentform", "forminator_form", "caldera_form", "poll", "polldaddy",
    "crowdsignal", "jetpack_subscription_form", "subscribe2", "newsletter_form", "newsletter", "woocommerce_cart",
    "woocommerce_checkout", "add_to_cart", "products", "searchform", "recaptcha", "paypal", "wpdm_package",
}  # fmt: skip
EMBEDS = {
    "embed", "embedyt", "youtube", "vimeo", "tweet", "twitter", "instagram", "facebook", "soundcloud", "spotify",
    "gist", "dailymotion", "ted", "vine", "googlemaps", "googlevideo", "slideshare", "scribd", "flickr", "tiktok",
    "wpvideo", "videopress", "pinterest", "bandcamp", "codepen", "youtube_sc", "ytp_video", "fve", "lyte",
}  # fmt: skip
BY_NUMBER = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "tweet": "https://twitter.com/i/web/status/{}",
    "gist": "https://gist.github.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "ted": "https://www.ted.com/talks/{}",
    "wpvideo": "https://videopress.com/v/{}",
    "videopress": "https://videopress.com/v/{}",
    "instagram": "https://www.instagram.com/p/{}/",
}
# Folded out by the reader; "title" is what they see first.
DETAILS = {"toggle", "spoiler", "expand", "su_spoiler", "collapse", "accordion_item", "accordion-item", "bg_collapse",
           "hide", "su_expand", "faq"}  # fmt: skip
# Notes that stand where they are referred to.
FOOTNOTES = {"mfn", "ref", "efn_note", "fn", "footnote", "footnotes_note", "sidenote"}
QUOTES = {"quote", "blockquote", "pullquote", "pull_quote", "pull-quote", "su_quote", "su_pullquote"}
# They draw a line or a gap, or list the headings: nothing is missing without them.
LAYOUT = {"divider", "hr", "clear", "clearfix", "separator", "spacer", "line", "gap", "br", "toc", "tableofcontents",
          "ez-toc", "lwptoc", "clearboth", "footnotes", "mfn_footnotes", "references", "reflist"}  # fmt: skip
RULES = {"divider", "hr", "separator", "line"}
# Of WordPress itself: they are shortcodes wherever they stand.
OWN = {"caption", "wp_caption", "gallery", "audio", "video", "playlist", "embed", "nextpage"}
KNOWN = OWN | FORMS | EMBEDS | LAYOUT | {"more"}

# Parts of a text that only some readers see, by blocks and by the ends of shortcodes of plugins for members.
FOR_SOME = re.compile(
    r"<!--\s*wp:(?:premium-content/|jetpack/paywall|woocommerce-memberships/)"
    r"|\[/(?:members?(?:_only|_content|_check_\w+|ship)?|restrict(?:_content|ed)?|rcp_\w+|pmpro_member(?:ship)?|s2If"
    r"|s2member|um_(?:show_content|loggedin)|wlm_private\w*|private|is_paid|paid_\w+|memberful\w*|mepr-(?:active|show|rule)"
    r"|wcm_(?:content_)?restrict(?:ed)?|ihc-hide-content|swpm_protected|logged_?in|access|protected)\]"
)
