"""What debates argue about, found in the debates themselves: claims and requests that say the same, as draft issues."""
