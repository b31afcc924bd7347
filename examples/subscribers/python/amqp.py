"""Follows the events over AMQP: begins with the feed, keeps the newest event of each subject, acks what is saved."""

import json
import os
import time
from urllib.parse import unquote, urlsplit

import pika
from present import catch_up, keep

AMQP_URL = os.environ["AMQP_URL"]  # amqps://subscriber.dashboard:…@events.example.go.id:5671
QUEUE = unquote(urlsplit(AMQP_URL).username or "")  # the queue has the name of its user
DAY = 24 * 60 * 60


def follow() -> None:
    """Follow until the connection is lost."""
    catch_up()  # what was dropped while we were away; the queue holds what comes meanwhile
    looked = time.monotonic()
    with pika.BlockingConnection(pika.URLParameters(AMQP_URL)) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=50)
        print(f"follows {QUEUE}", flush=True)
        for method, _, body in channel.consume(QUEUE, inactivity_timeout=60):
            if method is not None:
                keep(json.loads(body))
                channel.basic_ack(method.delivery_tag)
            if time.monotonic() > looked + DAY:
                catch_up()
                looked = time.monotonic()


while True:
    try:
        follow()
    except (pika.exceptions.AMQPError, OSError) as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    time.sleep(2)
