"""The web page: server-rendered, with a read model of its own."""
