"""What others have decided: the scores and predicates that the ministry gave, and the awards that agencies received.
Our own figures stand beside them and never change them."""
