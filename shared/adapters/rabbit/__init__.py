"""The bus on RabbitMQ; only this package imports its client, aio_pika."""
