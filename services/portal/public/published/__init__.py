"""What scoring publishes besides the present ranking: frozen rankings, competitions, certificates."""
