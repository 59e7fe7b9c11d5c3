-- Up Migration

-- The id by which a chat client of another make (the AI SDK's useChat) knows a conversation; null for the others.
-- Of a person, not of the organization: two people's clients may choose the same one.
alter table docent.conversations
  add column client_id text check (char_length(client_id) between 1 and 200),
  add unique (org_id, user_id, client_id);

-- Down Migration

alter table docent.conversations drop column client_id;
