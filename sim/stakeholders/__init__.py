"""Who acts beside the residents: property firms, owners' committees, branches, authorities."""
