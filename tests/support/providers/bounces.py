"""Delivery status notifications as mail servers write them."""

from __future__ import annotations

from textwrap import dedent

DOMAIN = "kuburaya.example"


def dsn(
    mail: str,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <siti@dinkes.example>: User unknown",
    returned: str = "message/rfc822",
    domain: str = DOMAIN,
    subject: str = "Undelivered Mail Returned to Sender",
) -> bytes:
    """As Postfix writes it. returned: the type of the part with our mail or its headers."""
    body = "\n\nKewajiban belum terpenuhi." if returned == "message/rfc822" else ""
    text = f"""\
        Return-Path: <>
        From: MAILER-DAEMON@mail.dinkes.example (Mail Delivery System)
        To: pantulan@{DOMAIN}
        Subject: {subject}
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="X1/mail.dinkes.example"

        This is a MIME-encapsulated message.

        --X1/mail.dinkes.example
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --X1/mail.dinkes.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.dinkes.example
        Arrival-Date: Mon, 30 Nov 2026 08:00:00 +0700 (WIB)

        Final-Recipient: rfc822; siti@dinkes.example
        Original-Recipient: rfc822;siti@dinkes.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: {diagnostic}

        --X1/mail.dinkes.example
        Content-Description: Undelivered Message
        Content-Type: {returned}

        From: Satu Inovasi <satu@{DOMAIN}>
        To: siti@dinkes.example
        Subject: Pengingat
        Message-ID: <{mail}@{domain}>{{body}}

        --X1/mail.dinkes.example--
        """
    return dedent(text).replace("{body}", body).replace("\n", "\r\n").encode()
