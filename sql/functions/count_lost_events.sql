create or replace function count_lost_events(p_subject text, p_error text) returns void
language plpgsql volatile
as $$
begin
  insert into lost_events (subject, events, error) values (p_subject, 1, p_error);
exception when others then
  raise warning 'events of % were lost: %', p_subject, p_error;
end
$$;
comment on function count_lost_events(text, text) is 'Counts a statement whose events could not be written; never raises.';
