"""What owners paste, and what the site says of it."""

import pytest
from django.core.exceptions import ValidationError

from publishing.sponsors.adsense import ids
from publishing.sponsors.models import AdSense, AdsTxt

CLIENT = "ca-pub-1234567890123456"
SCRIPT = (
    f'<script async src="https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js?client={CLIENT}"\n'
    '     crossorigin="anonymous"></script>'
)
UNIT = (
    f"{SCRIPT}\n<!-- In lists -->\n"
    f'<ins class="adsbygoogle"\n     style="display:block"\n     data-ad-client="{CLIENT}"\n'
    '     data-ad-slot="1234567890"\n     data-ad-format="auto"></ins>\n'
    "<script>\n     (adsbygoogle = window.adsbygoogle || []).push({});\n</script>"
)
LINE = "google.com, pub-1234567890123456, DIRECT, f08c47fec0942fa0"


@pytest.mark.parametrize(
    "pasted",
    [
        CLIENT,
        "pub-1234567890123456",
        "CA-PUB-1234567890123456",
        f"  {CLIENT}\t\n",
        SCRIPT,
        UNIT,
        f'<meta name="google-adsense-account" content="{CLIENT}">',
        LINE,
    ],
)
def test_an_id_is_found_in_what_adsense_shows(pasted):
    assert ids.normalised(pasted) == CLIENT


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "1234567890123456",
        "ca-pub-123456789012345",
        "ca-pub-12345678901234567",
        "ca-pub-١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦",
        "ca-pub-１２３４５６７８９０１２３４５６",
        "ca-pub-12345678\n90123456",
        f"{CLIENT} {CLIENT}",
        f"{CLIENT}\nca-pub-6543210987654321",
        f"{CLIENT}<script>alert(1)</script>",
        f"{CLIENT}\x00",
        f"x{CLIENT}",
        f"partner-{CLIENT}",
        f"{SCRIPT}<script>alert(1)</script>",
        SCRIPT.replace("pagead2.googlesyndication.com", "ads.example"),
        SCRIPT.replace(CLIENT, "ca-pub-123"),
        SCRIPT.replace(CLIENT, f"{CLIENT}7"),
        UNIT.replace(CLIENT, "ca-pub-6543210987654321", 1),
        f"<b>{CLIENT}</b>",
        "<script async src='https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js'></script>",
        f"{SCRIPT}{' ' * 5000}<i>",
    ],
)
def test_anything_else_is_refused_with_a_sentence(pasted):
    with pytest.raises(ValidationError) as caught:
        ids.normalised(pasted)

    assert len(caught.value.messages[0]) > 20


def test_two_accounts_in_one_snippet_are_named_as_the_reason():
    with pytest.raises(ValidationError, match="Two publisher ids"):
        ids.normalised(UNIT.replace(CLIENT, "ca-pub-6543210987654321", 1))


@pytest.mark.parametrize("client", [f"{CLIENT}\n", f" {CLIENT}", CLIENT.upper(), "ca-pub-١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦"])
def test_a_row_holds_an_id_and_nothing_else(client):
    with pytest.raises(ValidationError):
        AdSense(client=client).clean()


# --- ads.txt and the home page ---


@pytest.mark.django_db
def test_ads_txt_has_the_line_as_soon_as_an_id_is_stored_beside_the_owners_own_and_once(client):
    AdsTxt(
        lines="# ours\nGoogle.com , PUB-1234567890123456,direct, F08C47FEC0942FA0 # twice\nexample.com, 1, DIRECT"
    ).save()
    AdSense(client=CLIENT).save()

    response = client.get("/ads.txt?anything=1&x[]=2")

    assert response.text == f"{LINE}\n# ours\nexample.com, 1, DIRECT\n"
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "text/plain; charset=utf-8",
        "public, max-age=3600, s-maxage=3600",
    )
    assert ids.has_line(CLIENT, response.text)


@pytest.mark.django_db
def test_ads_txt_is_there_without_lines_of_the_owner_and_gone_without_an_id(client):
    AdSense(client=CLIENT).save()
    assert client.get("/ads.txt").text == f"{LINE}\n"

    AdSense(client="").save()

    assert client.get("/ads.txt").status_code == 404


@pytest.mark.django_db
def test_google_finds_the_account_in_the_head_of_the_home_page_alone(client):
    assert "google" not in client.get("/").text

    AdSense(client=CLIENT).save()

    assert f'<meta name="google-adsense-account" content="{CLIENT}">' in client.get("/").text
    assert "google" not in client.get("/quizzes/").text
