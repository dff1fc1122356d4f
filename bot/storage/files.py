"""What platforms call the files that were uploaded to them."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.tables import files

_FILE = select(files.c.file_id).where(files.c.platform == bindparam("p"), files.c.address == bindparam("a"))
_KEEP_FILE = (
    insert(files)
    .values(platform=bindparam("p"), address=bindparam("a"), file_id=bindparam("f"))
    .on_conflict_do_update(index_elements=["platform", "address"], set_={"file_id": bindparam("f")})
)


class Files:
    """What a platform calls a file that was uploaded to it: each is uploaded once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, platform: str, address: str) -> str | None:
        """Return the platform's id of a file, None where it was never uploaded."""
        async with self._database.read() as connection:
            file_id: str | None = await connection.scalar(_FILE, {"p": platform, "a": address})
            return file_id

    async def remember(self, platform: str, address: str, file_id: str) -> None:
        """Keep the platform's id of a file."""
        async with self._database.write() as connection:
            await connection.execute(_KEEP_FILE, {"p": platform, "a": address, "f": file_id})
