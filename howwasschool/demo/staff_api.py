"""The staff API as the demo's page uses it: one member of staff, read and changed by HTTP and by nothing else."""

from __future__ import annotations

from typing import Any, TypeAlias

import httpx

Json: TypeAlias = dict[str, Any]


class StaffApi:
    """The staff API as one member of staff sees it."""

    def __init__(self, client: httpx.AsyncClient, secret: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._heard: dict[str, str] = {}
        self._names: dict[str, str] = {}

    async def get(self, path: str, **params: Any) -> Json:
        """What the API answers; raises `httpx.HTTPStatusError` where it refuses."""
        answer = await self._client.get(path, params=params, headers=self._headers)
        answer.raise_for_status()
        found: Json = answer.json()
        return found

    async def patch(self, path: str, body: Json, version: int) -> httpx.Response:
        """Changes what stands at that version."""
        headers = {**self._headers, "If-Match": f'"{version}"'}
        return await self._client.patch(path, json=body, headers=headers)

    async def put(self, path: str, body: Json) -> str:
        """Puts something in; "" or why it was refused."""
        return _refused(await self._client.put(path, json=body, headers=self._headers))

    async def post(self, path: str, body: Json | None = None, *, version: str = "", once: str = "") -> str:
        """Does something, to what stands at that version, or once for that key; "" or why it was refused."""
        headers = dict(self._headers)
        headers |= {"If-Match": f'"{version}"'} if version else {}
        headers |= {"Idempotency-Key": once} if once else {}
        return _refused(await self._client.post(path, json=body, headers=headers))

    async def all_of(self, path: str, **params: Any) -> list[Json]:
        """Every item of a list, page after page."""
        items: list[Json] = []
        while True:
            page = await self.get(path, **params, limit=200)
            items += page["items"]
            if page.get("next") is None:
                return items
            params["after"] = page["next"]

    async def name_of(self, contact: str | None) -> str:
        """An adult's name; once asked for, it is known."""
        if contact is None:
            return "Somebody unknown"
        if contact not in self._names:
            for each in await self.all_of("/api/v1/contacts"):
                self._names[each["id"]] = each["name"]
        return self._names.get(contact, "A contact")

    async def whole_text(self, message: str | None, contact: str | None) -> str:
        """All that a text said, of which a statement quotes the part that was heard."""
        if message is None or contact is None:
            return ""
        if message not in self._heard:
            for thread in await self.all_of("/api/v1/threads", contact=contact):
                for each in await self.all_of(f"/api/v1/threads/{thread['id']}/messages"):
                    self._heard[each["id"]] = each["words"]
        return self._heard.get(message, "")


def _refused(answer: httpx.Response) -> str:
    if not answer.is_error:
        return ""
    said = answer.json()
    faults = [f"{each['where'].rpartition('/')[2]}: {each['says']}" for each in said.get("faults", ())]
    return " ".join(part for part in (str(said["title"]), str(said.get("detail") or ""), *faults) if part)
