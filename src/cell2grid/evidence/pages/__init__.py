"""From a file to text, stories and sentences, with the place of each in the file."""
