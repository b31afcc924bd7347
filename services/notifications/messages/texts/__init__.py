"""What messages say, in Bahasa Indonesia: the facts that texts need, and the sentences made of them."""
