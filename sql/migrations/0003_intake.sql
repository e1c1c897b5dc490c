-- Intake: raw pages, staged rows and sightings.

create table raw_pages (
  raw_page_id bigint generated always as identity primary key,
  interaction_id bigint not null references interactions,
  page_number integer not null,
  url text not null,
  http_status integer,
  content_type text not null,
  body bytea not null,
  fetched_at timestamptz not null default now(),
  staged_at timestamptz,
  row_count integer,
  fields_set_aside integer,
  constraint one_raw_page_per_fetch_and_number unique (interaction_id, page_number)
);
create index raw_pages_not_staged on raw_pages (interaction_id) where staged_at is null;
comment on table raw_pages is 'Answers of a source as received; parsing can be repeated from here.';
comment on column raw_pages.raw_page_id is 'Key.';
comment on column raw_pages.interaction_id is 'The fetch that received it.';
comment on column raw_pages.page_number is 'Counted from 1 within the fetch.';
comment on column raw_pages.url is 'What was read.';
comment on column raw_pages.http_status is 'HTTP status; null for files.';
comment on column raw_pages.content_type is 'Content type of the body.';
comment on column raw_pages.body is 'Bytes as received.';
comment on column raw_pages.fetched_at is 'When it was received.';
comment on column raw_pages.row_count is 'Rows that the page held, known once staged.';
comment on column raw_pages.fields_set_aside is 'Rows of which a field was set aside.';
comment on column raw_pages.staged_at is 'When its rows were staged.';

create table postings_staging (
  staging_id bigint generated always as identity primary key,
  interaction_id bigint not null references interactions,
  raw_page_id bigint not null references raw_pages,
  row_number integer not null,
  partition_date date not null,
  partition_key text collate "C" not null,
  source_id text not null references sources,
  external_id text,
  raw_data jsonb not null,
  title text,
  company text,
  locations text[],
  description text,
  url text,
  posted_on date,
  content_hash bytea,
  fields_set_aside jsonb not null default '{}',
  validation_status text not null
    constraint staging_status_is_known
    check (validation_status in ('staged', 'new', 'changed', 'seen', 'duplicate_in_fetch', 'set_aside')),
  reason text,
  promoted_to_posting_id bigint references postings,
  created_at timestamptz not null default now(),
  constraint one_staged_row_per_fetch_and_row unique (interaction_id, row_number),
  constraint a_promoted_row_names_its_posting
    check ((validation_status in ('new', 'changed', 'seen')) = (promoted_to_posting_id is not null)),
  constraint a_row_set_aside_has_a_reason check (validation_status <> 'set_aside' or reason ~ '\S')
);
create index postings_staging_not_promoted on postings_staging (partition_key, staging_id) where validation_status = 'staged';
create index postings_staging_by_fetch on postings_staging (interaction_id, validation_status);
comment on table postings_staging is 'One row per fetched row that brought new content, or that was set aside, with its reason.';
comment on column postings_staging.staging_id is 'Key.';
comment on column postings_staging.interaction_id is 'The fetch that brought the row.';
comment on column postings_staging.raw_page_id is 'The page that it stood on.';
comment on column postings_staging.row_number is 'Counted from 1 over the whole fetch.';
comment on column postings_staging.partition_date is 'Date of the partition.';
comment on column postings_staging.partition_key is 'The partition.';
comment on column postings_staging.source_id is 'The source.';
comment on column postings_staging.external_id is 'Job id as the source gives it.';
comment on column postings_staging.raw_data is 'The row as received, NUL and lone surrogates written as escapes.';
comment on column postings_staging.title is 'Cleaned title.';
comment on column postings_staging.company is 'Cleaned company.';
comment on column postings_staging.locations is 'Cleaned locations.';
comment on column postings_staging.description is 'Cleaned description.';
comment on column postings_staging.url is 'Address of the posting.';
comment on column postings_staging.posted_on is 'Date of posting.';
comment on column postings_staging.content_hash is 'Hash of the cleaned content.';
comment on column postings_staging.fields_set_aside is 'Fields that could not be read, with the reason; the row itself was kept.';
comment on column postings_staging.validation_status is 'staged, then new, changed or seen once promoted; duplicate_in_fetch; set_aside.';
comment on column postings_staging.reason is 'Why it was set aside.';
comment on column postings_staging.promoted_to_posting_id is 'The posting that it became.';
comment on column postings_staging.created_at is 'When it was staged.';

create table sightings (
  fetch_interaction_id bigint not null references interactions,
  posting_id bigint not null,
  posting_version_id bigint not null,
  partition_date date not null,
  row_number integer not null,
  constraint one_sighting_per_fetch_and_row primary key (fetch_interaction_id, row_number),
  constraint a_sighting_is_of_a_version_of_its_posting
    foreign key (posting_version_id, posting_id) references posting_versions (posting_version_id, posting_id)
);
create index sightings_by_posting on sightings (posting_id, partition_date);
create index sightings_by_version on sightings (posting_version_id);
comment on table sightings is 'A fetch saw a posting in a content version.';
comment on column sightings.fetch_interaction_id is 'The fetch.';
comment on column sightings.posting_id is 'The posting.';
comment on column sightings.posting_version_id is 'The content it had.';
comment on column sightings.partition_date is 'Date of the fetch''s partition; decides which sighting is newest.';
comment on column sightings.row_number is 'Row within the fetch; decides within one fetch.';

create table posting_skills (
  interaction_id bigint not null,
  skill_number smallint not null,
  posting_id bigint not null,
  name text not null,
  importance text not null
    constraint skill_importance_is_known
    check (importance in ('essential', 'critical', 'important', 'preferred', 'bonus')),
  weight smallint not null,
  proficiency text not null
    constraint skill_proficiency_is_known check (proficiency in ('expert', 'advanced', 'intermediate', 'beginner')),
  years_required smallint,
  evidence text not null,
  taxonomy_id text,
  primary key (interaction_id, skill_number),
  constraint skill_weight_is_the_band_of_its_importance check (
    weight between 10 and 100 and case
      when weight >= 90 then importance = 'essential'
      when weight >= 65 then importance = 'critical'
      when weight >= 35 then importance = 'important'
      else importance in ('preferred', 'bonus')
    end)
);
create index posting_skills_by_posting on posting_skills (posting_id);
comment on table posting_skills is 'Every skill that was ever saved; published are those of the posting''s current save_skills interaction.';
comment on column posting_skills.interaction_id is 'The save_skills interaction.';
comment on column posting_skills.skill_number is 'Counted from 1.';
comment on column posting_skills.posting_id is 'The posting.';
comment on column posting_skills.name is 'Name of the skill.';
comment on column posting_skills.importance is 'essential, critical, important, preferred or bonus.';
comment on column posting_skills.weight is '10 to 100, in the band of the importance.';
comment on column posting_skills.proficiency is 'expert, advanced, intermediate or beginner.';
comment on column posting_skills.years_required is 'Years asked for; null when unknown.';
comment on column posting_skills.evidence is 'Quote from the posting.';
comment on column posting_skills.taxonomy_id is 'Concept that it matches; a match enriches, it never filters.';

create table taxonomy_concepts (
  concept_id text primary key,
  name text not null,
  aliases text[] not null default '{}',
  kind text not null,
  taxonomy text not null,
  imported_at timestamptz not null default now()
);
comment on table taxonomy_concepts is 'Imported skill concepts, beside the compact list in the package.';
comment on column taxonomy_concepts.concept_id is 'Id in its taxonomy, for example an ESCO URI.';
comment on column taxonomy_concepts.name is 'Preferred label.';
comment on column taxonomy_concepts.aliases is 'Other labels.';
comment on column taxonomy_concepts.kind is 'Kind of concept as the taxonomy says.';
comment on column taxonomy_concepts.taxonomy is 'esco, onet or own.';
comment on column taxonomy_concepts.imported_at is 'When it was imported.';
