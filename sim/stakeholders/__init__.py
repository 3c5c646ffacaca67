"""Who acts: residents, property firms, owners' committees, branches, authorities."""
