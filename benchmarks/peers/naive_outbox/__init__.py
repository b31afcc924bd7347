"""An outbox as it is usually written: bare aio-pika and motor, owed events settled one by one."""
