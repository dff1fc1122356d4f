"""The values the whole house speaks of: rich text, the digest, chats, commands, deliveries.

Frozen and slotted, without behaviour that reaches outside. This room imports nothing of ours.
"""
