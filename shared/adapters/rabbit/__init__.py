"""The bus on RabbitMQ; only this package imports aio_pika."""
