"""A page is read as its reader sees it: its article, and nothing that stands around it."""

import pytest

from rag.documents.readers import extract

P = "<p>The harbour board voted on Monday to sell the old dock, after two years of talks.</p>"
Q = "<p>Nobody on the board would say who the buyer is, or what was paid for the dock.</p>"


def read(body: str, *, head: str = "") -> str:
    return extract(f"<html><head>{head}</head><body>{body}</body></html>".encode(), ".html").text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>The chair stole it.</p>",
        '<div aria-hidden="true"><p>The chair stole it.</p></div>',
        '<p style="color:red; DISPLAY : none">The chair stole it.</p>',
        '<span style="visibility:hidden">The chair stole it.</span>',
        "<template><p>The chair stole it.</p></template>",
        "<noscript><p>The chair stole it.</p></noscript>",
    ],
)
@pytest.mark.parametrize("around", ["article", "div"])
def test_what_nobody_sees_is_not_read(hidden: str, around: str) -> None:
    text = read(f"<{around}>{P}{hidden} and a tail {Q}</{around}>")
    assert "stole" not in text
    assert "sell the old dock" in text
    assert "who the buyer is" in text
    assert "and a tail" in text


@pytest.mark.parametrize(
    "around",
    [
        '<section class="article-comments"><p>This board is a pack of thieves, all of it.</p>'
        "</section>",
        '<div id="cookieBanner"><p>We and 412 thieves store cookies on your device.</p></div>',
        '<div class="share-bar"><a href="#">Share with thieves</a></div>',
        '<div class="photoGallery"><p>Picture 1 of 9: thieves at the dock.</p></div>',
        "<div><h3>More on this story</h3><ul><li><a href='#'>Thieves at dock</a></li></ul></div>",
        "<aside><h2>Related stories</h2><p>Thieves were seen at the dock in May, police say.</p>"
        "</aside>",
        "<figure><img alt=''><figcaption>Thieves at the dock</figcaption></figure>",
        "<h3>Comments (2)</h3><div><p>They are thieves.</p></div>",
        "<div role='dialog'><p>Thieves want you to subscribe.</p></div>",
    ],
)
def test_what_stands_around_an_article_is_no_part_of_it(around: str) -> None:
    text = read(f"<article><h1>Dock sold</h1>{P}{around}{Q}</article>")
    assert "hieves" not in text
    assert text.split("\n\n")[0] == "Dock sold"
    assert "who the buyer is" in text


def test_an_article_whose_names_sound_like_what_stands_around_one_is_read() -> None:
    text = read(f'<article><h1>On cookies</h1><div class="gallery social">{P}{Q}</div></article>')
    assert "sell the old dock" in text


@pytest.mark.parametrize(
    "entry",
    [
        '<div class="update"><time>{}</time><h2>{}</h2><p>{}</p></div>',
        '<article><header><time datetime="2024-02-03T{}:00Z">5 minutes ago</time><h3>{}</h3>'
        "</header><p>{}</p></article>",
        '<li><span><time datetime="x">{}</time></span><h4>{}</h4><p>{}</p></li>',
    ],
)
def test_each_entry_of_a_live_blog_has_its_time(entry: str) -> None:
    entries = [
        ("14:05", "Road open", "The road over the pass is open again, the police say today."),
        ("11:30", "Road shut", "The road over the pass is shut, say the police, until tonight."),
        ("09:10", "Snow", "Snow fell all night on the pass, and more of it is on its way."),
    ]
    text = read(f"<main><h1>Snow: live</h1>{''.join(entry.format(*e) for e in entries)}</main>")
    lines = [line.removeprefix("- ") for line in text.split("\n\n")]
    assert lines == ["Snow: live"] + [
        line for time, head, told in entries for line in (head, f"{time} {told}")
    ]


def test_an_entry_without_a_heading_begins_with_its_time() -> None:
    entry = "<div><time>10.15</time><p>The ferry left with everybody who was there.</p></div>"
    assert read(f"<main>{entry}{entry.replace('10.15', '9.40')}</main>").split("\n\n") == [
        "10.15 The ferry left with everybody who was there.",
        "9.40 The ferry left with everybody who was there.",
    ]


def test_a_time_above_a_list_is_not_lost() -> None:
    text = read(f"<main>{P}{Q}<span>16.20</span><h2>In brief</h2><ul><li>Fog</li></ul></main>")
    assert text.split("\n\n")[2:] == ["In brief", "- Fog", "16.20"]


def test_questions_of_an_interview_are_told_from_the_answers() -> None:
    text = read(
        "<article><h1>Ida Noor on the dock</h1><p>She chairs the board that sold the old dock.</p>"
        "<p><strong>Did you know the buyer?</strong></p><p>No. I never met him.</p><p>Not once.</p>"
        "<p><b>Will you resign?</b></p><p>I will not, and nobody has asked me to do it yet.</p>"
        "<p><b>In short</b></p></article>"
    )
    assert text.split("\n\n")[2:] == [
        "Q: Did you know the buyer?",
        "A: No. I never met him.",
        "Not once.",
        "Q: Will you resign?",
        "A: I will not, and nobody has asked me to do it yet.",
        "In short",
    ]


def test_tables_are_rows_with_every_cell_in_its_column() -> None:
    text = read(
        f"<article>{P}{Q}<table><thead><tr><th>Ward</th><th>For</th><th>Against</th></tr></thead>"
        "<tr><td rowspan=2>North</td><td>7</td><td></td></tr><tr><td>3</td><td>9</td></tr>"
        "<tr><td colspan=2>South</td><td>12</td></tr></table></article>"
    )
    assert text.split("\n\n")[-1].split("\n") == [
        "Ward | For | Against", "North | 7 |", " | 3 | 9".strip("\n"), "South |  | 12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta property="article:published_time" content="2021-05-04T08:00Z">', "", "2021-05-04"),
        ('<meta name="DC.date.issued" content="4 May 2021">', "", "2021-05-04"),
        ('<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type":'
         ' "NewsArticle", "datePublished": "2021-05-04"}]}</script>', "", "2021-05-04"),
        ("", '<time datetime="2021-05-04T10:00">4 May</time>', "2021-05-04"),
        ('<meta name="pubdate" content="soon">', '<time itemprop="datePublished"'
         ' datetime="20210504">x</time>', "2021-05-04"),
        ("", "<p>The dock was built in 2019 and sold on February 3, 2022.</p>", None),
        ("", "<blockquote>So sad. — Dana <a href='#'>February 3, 2022</a></blockquote>", None),
    ],
)  # fmt: skip
def test_the_day_of_a_page_is_the_one_that_it_declares(
    head: str, body: str, day: str | None
) -> None:
    page = f"<html><head><title>T</title>{head}</head><body><article>{body}{P}{Q}</article></body>"
    assert extract(page.encode(), ".html").date == day


def test_of_a_list_of_teasers_none_is_the_article() -> None:
    teasers = "".join(f"<article><h2>Story {n}</h2>{P}</article>" for n in range(5))
    assert "sell the old dock" in read(f"<main>{teasers}</main>")
