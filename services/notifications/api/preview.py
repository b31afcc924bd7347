"""The `/preview` and `/templates` routes: what messages say, before anything is sent."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.previewing import Preview, Previews, Wanted
from services.notifications.messages.texts import layout
from services.notifications.messages.texts.whatsapp import whatsapp_templates
from shared.auth.policy import Role
from shared.contracts.fields import Id, RegionCode, Year
from shared.web.routes import Routes, Who, get

Region = Annotated[RegionCode, Query(description="The region's code.", examples=["61.12"])]
Agency = Annotated[Id, Query(description="The agency's id.", examples=["7b1c9a54-0000-4000-8000-000000000001"])]
DutyYear = Annotated[Year, Query(description="The duty year.", examples=[2026])]
What = Annotated[
    str,
    Query(
        max_length=40,
        pattern="^[a-z0-9-]+$",
        description="A stage (`before-30`, `overdue`) or `on-request`, `opened-again`, `returned`, `verified`, "
        "`scored`, `moved`, `cancelled`, `registry-behind`, `confirm`, `unreachable`, `weekly`, "
        "`endpoint-disabled`, `follow-up`, `follow-up-lapsed`, `right-ends`, `staff-leaves`, `withdrawal-asked`, "
        "`withdrawal-declined`, `withdrawn`, `ideas-received`, `idea-handed-over`.",
        examples=["before-30"],
    ),
]
Channel = Annotated[ChannelName, Query(description="The form of the message.")]
Innovation = Annotated[Id | None, Query(description="For `scored`: whose score to show.")]


class PreviewAnswer(BaseModel):
    """A message to an invented reader. template: `name@version`; html: of an e-mail, else empty; variables: of a
    WhatsApp template, else empty; invented: whether some of its facts are invented, since they do not exist yet."""

    channel: ChannelName
    template: str = Field(examples=["email@2"])
    subject: str
    text: str
    html: str
    variables: list[str]
    invented: bool

    @classmethod
    def of(cls, preview: Preview, channel: ChannelName) -> PreviewAnswer:
        """From what was rendered."""
        message = preview.message
        return cls(
            channel=channel,
            template=message.stamp,
            subject=message.subject,
            text=message.text,
            html=message.html,
            variables=list(message.variables),
            invented=preview.invented,
        )


class TemplateAnswer(BaseModel):
    """A template. submission: the body with which it is submitted to the provider of WhatsApp, null for e-mail."""

    name: str
    version: int
    channel: ChannelName
    submission: dict[str, Any] | None


class Templates(BaseModel):
    """All templates of this release."""

    items: list[TemplateAnswer]


class PreviewRoutes(Routes):
    """Nothing is stored and nothing is handed over."""

    tag = "messages"

    def __init__(self, previews: Previews) -> None:
        self._previews = previews

    @get("/preview", Role.CURATOR, Role.OPERATOR)
    async def preview_message(
        self,
        *,
        who: Who,
        region: Region,
        agency: Agency,
        year: DutyYear,
        what: What,
        channel: Channel = ChannelName.EMAIL,
        innovation: Innovation = None,
    ) -> PreviewAnswer:
        """Show a message as it would be now, with the facts of a region and an agency."""
        who.require_region(region)
        wanted = Wanted(
            region=region, agency=agency, year=year, what=what, channel=channel, innovation=innovation or ""
        )
        return PreviewAnswer.of(await self._previews.show(wanted), channel)

    @get("/templates", Role.CURATOR, Role.OPERATOR)
    async def list_templates(self) -> Templates:
        """List the templates and their versions; those of WhatsApp as they are submitted to the provider."""
        mail = TemplateAnswer(name=layout.NAME, version=layout.VERSION, channel=ChannelName.EMAIL, submission=None)
        chat = [
            TemplateAnswer(
                name=each.name, version=each.version, channel=ChannelName.WHATSAPP, submission=each.submission()
            )
            for each in whatsapp_templates().values()
        ]
        return Templates(items=[mail, *chat])
