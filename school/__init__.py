"""What is true: the rules, the records, and the verbs that a school would use."""
