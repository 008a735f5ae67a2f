"""Everything that makes the project run on a bare machine: one question a file, standard library only."""
