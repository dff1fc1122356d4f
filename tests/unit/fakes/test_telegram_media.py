"""Pictures and files: by address, by upload, by id; albums."""

from __future__ import annotations

import pytest
from telegram import Bot, InputMediaAnimation, InputMediaDocument, InputMediaPhoto, InputMediaVideo
from telegram.error import BadRequest

from tests.fakes.images import Picture, look_at
from tests.fakes.telegram import TelegramFake, errors
from tests.unit.fakes.pictures import jpeg, png

URL = "https://example.org/figure.png"


async def test_a_photo_by_address_shows_where_it_came_from(telegram: TelegramFake, bot: Bot) -> None:
    """A photo has sizes, a caption, and in the transcript its source."""
    chat = telegram.channel(username="digest")
    sent = await bot.send_photo("@digest", URL, caption="Figure 1")
    assert (sent.caption, sent.photo[0].width) == ("Figure 1", 1280)
    record = telegram.transcript.of(chat.id)[0]
    assert (record.text, record.content["source"]) == ("Figure 1", URL)


async def test_an_upload_is_kept_and_sent_again_by_its_id(telegram: TelegramFake, bot: Bot) -> None:
    """An uploaded picture has an id that works in every chat, for its own kind only."""
    chat = telegram.private(telegram.user())
    first = await bot.send_photo(chat.id, png(40, 30))
    again = await bot.send_photo(chat.id, first.photo[-1].file_id)
    assert again.photo[-1].file_id == first.photo[-1].file_id
    assert (first.photo[-1].width, first.photo[-1].height) == (40, 30)
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_document(chat.id, first.photo[-1].file_id)
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_photo(chat.id, "AgACAgIAAxkB")
    assert telegram.transcript[0].content["source"].startswith("data:image/png;base64,")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"<html>", "Image_process_failed"),
        (jpeg(8000, 4000), "Photo_invalid_dimensions"),
        (jpeg(2100, 100), "Photo_invalid_dimensions"),
        (b"", "File must be non-empty"),
    ],
)
async def test_what_is_no_photo_is_refused(telegram: TelegramFake, bot: Bot, content: bytes, refusal: str) -> None:
    """A photo is a picture of bearable size and shape."""
    chat = telegram.private(telegram.user())
    with pytest.raises(BadRequest, match=refusal):
        await bot.send_photo(chat.id, content)


async def test_addresses_that_cannot_be_fetched_are_refused(telegram: TelegramFake, bot: Bot) -> None:
    """A dead address is named as such, alone and inside an album."""
    chat = telegram.private(telegram.user())
    telegram.break_url(URL, errors.FETCH_FAILED)
    with pytest.raises(BadRequest, match="Failed to get http url content"):
        await bot.send_photo(chat.id, URL)
    album = [InputMediaPhoto("https://example.org/good.png"), InputMediaPhoto(URL)]
    with pytest.raises(BadRequest, match='Failed to send message #2 with the error message "webpage_curl_failed"'):
        await bot.send_media_group(chat.id, album)
    assert not telegram.transcript
    assert not telegram.violations


async def test_an_album_is_one_call_and_several_messages(telegram: TelegramFake, bot: Bot) -> None:
    """Each picture of an album has an id, all have one group; uploads and addresses mix."""
    chat = telegram.private(telegram.user())
    sent = await bot.send_media_group(chat.id, [InputMediaPhoto(URL, caption="one"), InputMediaPhoto(png())])
    assert [message.message_id for message in sent] == [1, 2]
    assert len({message.media_group_id for message in sent}) == 1
    assert telegram.transcript.texts == ["one", ""]


async def test_albums_have_bounds(telegram: TelegramFake, bot: Bot) -> None:
    """Ten at most, and only kinds that go together."""
    chat = telegram.private(telegram.user())
    with pytest.raises(BadRequest, match="Too many messages to send as an album"):
        await bot.send_media_group(chat.id, [InputMediaPhoto(URL)] * 11)
    with pytest.raises(BadRequest, match="Can't use the media of the specified type in the album"):
        await bot.send_media_group(chat.id, [InputMediaPhoto(URL), InputMediaDocument(URL)])
    with pytest.raises(BadRequest, match="Can't use the media of the specified type in the album"):
        await bot.send_media_group(chat.id, [InputMediaAnimation(URL), InputMediaAnimation(URL)])
    with pytest.raises(BadRequest, match=r"(?i)message #2 with the error message"):  # it has no sound
        await bot.send_media_group(chat.id, [InputMediaPhoto(URL), InputMediaVideo("https://e.org/turntable.mp4")])
    await bot.send_media_group(chat.id, [InputMediaPhoto(URL)])
    assert telegram.violations[-1].rule == "an album of one"


async def test_files_and_animations_are_sent(telegram: TelegramFake, bot: Bot) -> None:
    """Documents keep their names; animations are a kind of their own."""
    chat = telegram.private(telegram.user())
    document = (await bot.send_document(chat.id, b"@article{}", filename="refs.bib")).document
    assert document is not None
    assert (document.file_name, document.file_size) == ("refs.bib", 10)
    assert (await bot.send_animation(chat.id, "https://example.org/a.gif")).animation is not None


def test_pictures_are_recognised_by_their_first_bytes() -> None:
    """PNG, JPEG and GIF tell their size, WebP its kind, anything else nothing."""
    assert look_at(png(7, 5)) == Picture("png", 7, 5)
    assert look_at(jpeg(7, 5)) == Picture("jpeg", 7, 5)
    assert look_at(b"GIF89a\x07\x00\x05\x00") == Picture("gif", 7, 5)
    assert look_at(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == Picture("webp", 0, 0)
    assert look_at(b"%PDF-1.7") is None
    assert look_at(b"\xff\xd8\xff") is None
