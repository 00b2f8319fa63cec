"""What the customs of a house tell: who has the floor, the words of the chair, the advice of the cabinet, votes."""
