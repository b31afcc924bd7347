"""What proves who a person is: passwords, second factors and codes in links, and the limits of guessing them. Pure, but
for the thread that hashes passwords."""
