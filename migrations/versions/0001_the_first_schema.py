"""the first schema

Revision ID: 0001
Revises: 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('password_hash', sa.String(length=300), nullable=False),
    sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_administrator', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('session_generation', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email')
    )
    op.create_table('attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.create_index('attempt_key_at', ['key', 'at'], unique=False)

    op.create_table('code_counter',
    sa.Column('prefix', sa.String(length=2), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefix', 'year')
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('subject_code', sa.String(length=40), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('event_actor_id', ['actor_id', 'id'], unique=False)
        batch_op.create_index('event_kind_id', ['kind', 'id'], unique=False)
        batch_op.create_index('event_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('log_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('last_id', sa.Integer(), nullable=False),
    sa.Column('last_hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('organization',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('side', sa.String(length=10), nullable=False),
    sa.Column('registration_kind', sa.String(length=10), nullable=False),
    sa.Column('registration_number', sa.String(length=40), nullable=False),
    sa.Column('region', sa.String(length=6), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('tiers', sa.JSON(), nullable=False),
    sa.Column('website', sa.String(length=300), nullable=False),
    sa.Column('is_pilot_platform', sa.Boolean(), nullable=False),
    sa.Column('is_list_holder', sa.Boolean(), nullable=False),
    sa.Column('external_reference', sa.String(length=200), nullable=True),
    sa.Column('state_reason', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('external_reference', name='organization_external_reference')
    )
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organization_name'), ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_organization_state'), ['state'], unique=False)
        batch_op.create_index('one_verified_organization_a_number', ['registration_kind', 'registration_number'], unique=True, sqlite_where=sa.text("state IN ('verified', 'suspended') AND registration_number <> ''"), postgresql_where=sa.text("state IN ('verified', 'suspended') AND registration_number <> ''"))

    op.create_table('reader_cursor',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_sha256'), ['sha256'], unique=False)
        batch_op.create_index('stored_file_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('tag',
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('zh_hans', sa.String(length=80), nullable=False),
    sa.Column('zh_hant', sa.String(length=80), nullable=False),
    sa.Column('en', sa.String(length=120), nullable=False),
    sa.Column('synonyms', sa.JSON(), nullable=False),
    sa.Column('parent', sa.String(length=60), nullable=True),
    sa.Column('is_retired', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent'], ['tag.slug'], ),
    sa.PrimaryKeyConstraint('slug')
    )
    op.create_table('tag_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=80), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_code', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_as', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('words')
    )
    op.create_table('target',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('outcomes', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year')
    )
    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'organization_id')
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_organization_id'), ['organization_id'], unique=False)

    op.create_table('product',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('model', sa.String(length=100), nullable=False),
    sa.Column('version_label', sa.String(length=60), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('limits', sa.String(), nullable=False),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('proposed_tags', sa.JSON(), nullable=False),
    sa.Column('specifications', sa.JSON(), nullable=False),
    sa.Column('readiness_level', sa.Integer(), nullable=True),
    sa.Column('earlier_uses', sa.String(), nullable=False),
    sa.Column('certificates', sa.JSON(), nullable=False),
    sa.Column('intellectual_property', sa.String(), nullable=False),
    sa.Column('price_min', sa.BigInteger(), nullable=True),
    sa.Column('price_max', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('regions_served', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('listed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state_reason', sa.String(), nullable=False),
    sa.Column('review_notes', sa.JSON(), nullable=False),
    sa.Column('external_reference', sa.String(length=200), nullable=True),
    sa.Column('source_cells', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code'),
    sa.UniqueConstraint('organization_id', 'external_reference')
    )
    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_product_listed_at'), ['listed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_product_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_product_state'), ['state'], unique=False)

    op.create_table('scenario',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('situation', sa.String(), nullable=False),
    sa.Column('wanted_result', sa.String(), nullable=False),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('proposed_tags', sa.JSON(), nullable=False),
    sa.Column('region', sa.String(length=6), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('requirements', sa.JSON(), nullable=False),
    sa.Column('site_data', sa.String(), nullable=False),
    sa.Column('site_space', sa.String(), nullable=False),
    sa.Column('site_airspace', sa.String(), nullable=False),
    sa.Column('site_access', sa.String(), nullable=False),
    sa.Column('budget_min', sa.BigInteger(), nullable=True),
    sa.Column('budget_max', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('timetable', sa.String(), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contact_name', sa.String(length=100), nullable=False),
    sa.Column('contact_phone', sa.String(length=60), nullable=False),
    sa.Column('contact_email', sa.String(length=254), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state_reason', sa.String(), nullable=False),
    sa.Column('review_notes', sa.JSON(), nullable=False),
    sa.Column('external_reference', sa.String(length=200), nullable=True),
    sa.Column('source_cells', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code'),
    sa.UniqueConstraint('organization_id', 'external_reference')
    )
    with op.batch_alter_table('scenario', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scenario_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_scenario_released_at'), ['released_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_scenario_state'), ['state'], unique=False)

    op.create_table('match',
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('has_unmet_must', sa.Boolean(), nullable=False),
    sa.Column('rank', sa.Float(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('rules_version', sa.String(length=20), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], ),
    sa.PrimaryKeyConstraint('scenario_id', 'product_id')
    )
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.create_index('match_product_rank', ['product_id', 'rank'], unique=False)
        batch_op.create_index('match_scenario_rank', ['scenario_id', 'rank'], unique=False)

    op.create_table('product_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('product_id', 'number')
    )
    op.create_table('scenario_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('scenario_id', 'number')
    )
    op.create_table('application',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('product_version_id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('proposal', sa.String(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('feedback', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], ),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.ForeignKeyConstraint(['product_version_id'], ['product_version.id'], ),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code')
    )
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_product_id'), ['product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_scenario_id'), ['scenario_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_state'), ['state'], unique=False)
        batch_op.create_index('one_standing_application_a_scenario_and_product', ['scenario_id', 'product_id'], unique=True, sqlite_where=sa.text("state IN ('submitted', 'shortlisted', 'accepted')"), postgresql_where=sa.text("state IN ('submitted', 'shortlisted', 'accepted')"))

    op.create_table('outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('product_version_id', sa.Integer(), nullable=False),
    sa.Column('supplier_id', sa.Integer(), nullable=False),
    sa.Column('demand_id', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('metrics', sa.JSON(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('lessons', sa.String(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['demand_id'], ['organization.id'], ),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.ForeignKeyConstraint(['product_version_id'], ['product_version.id'], ),
    sa.ForeignKeyConstraint(['reporter_id'], ['organization.id'], ),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], ),
    sa.ForeignKeyConstraint(['supplier_id'], ['organization.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code')
    )
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outcome_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_approved_at'), ['approved_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_demand_id'), ['demand_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_product_id'), ['product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_scenario_id'), ['scenario_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_supplier_id'), ['supplier_id'], unique=False)
        batch_op.create_index('one_approved_outcome_a_product_and_kind', ['product_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'approved'"), postgresql_where=sa.text("state = 'approved'"))

    op.create_table('certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('outcome_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revocation_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcome.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number'),
    sa.UniqueConstraint('outcome_id')
    )
    op.execute(
        f"INSERT INTO log_head (id, last_id, last_hash) VALUES (1, 0, '{'0' * 64}')"
    )


def downgrade() -> None:
    op.drop_table('certificate')
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.drop_index('one_approved_outcome_a_product_and_kind', sqlite_where=sa.text("state = 'approved'"), postgresql_where=sa.text("state = 'approved'"))
        batch_op.drop_index(batch_op.f('ix_outcome_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_state'))
        batch_op.drop_index(batch_op.f('ix_outcome_scenario_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_product_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_demand_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_approved_at'))
        batch_op.drop_index(batch_op.f('ix_outcome_application_id'))

    op.drop_table('outcome')
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_index('one_standing_application_a_scenario_and_product', sqlite_where=sa.text("state IN ('submitted', 'shortlisted', 'accepted')"), postgresql_where=sa.text("state IN ('submitted', 'shortlisted', 'accepted')"))
        batch_op.drop_index(batch_op.f('ix_application_state'))
        batch_op.drop_index(batch_op.f('ix_application_scenario_id'))
        batch_op.drop_index(batch_op.f('ix_application_product_id'))
        batch_op.drop_index(batch_op.f('ix_application_organization_id'))

    op.drop_table('application')
    op.drop_table('scenario_revision')
    op.drop_table('product_version')
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.drop_index('match_scenario_rank')
        batch_op.drop_index('match_product_rank')

    op.drop_table('match')
    with op.batch_alter_table('scenario', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scenario_state'))
        batch_op.drop_index(batch_op.f('ix_scenario_released_at'))
        batch_op.drop_index(batch_op.f('ix_scenario_organization_id'))

    op.drop_table('scenario')
    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_product_state'))
        batch_op.drop_index(batch_op.f('ix_product_organization_id'))
        batch_op.drop_index(batch_op.f('ix_product_listed_at'))

    op.drop_table('product')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_organization_id'))
        batch_op.drop_index(batch_op.f('ix_membership_account_id'))

    op.drop_table('membership')
    op.drop_table('target')
    op.drop_table('tag_proposal')
    op.drop_table('tag')
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_index('stored_file_subject')
        batch_op.drop_index(batch_op.f('ix_stored_file_sha256'))

    op.drop_table('stored_file')
    op.drop_table('reader_cursor')
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.drop_index('one_verified_organization_a_number', sqlite_where=sa.text("state IN ('verified', 'suspended') AND registration_number <> ''"), postgresql_where=sa.text("state IN ('verified', 'suspended') AND registration_number <> ''"))
        batch_op.drop_index(batch_op.f('ix_organization_state'))
        batch_op.drop_index(batch_op.f('ix_organization_name'))

    op.drop_table('organization')
    op.drop_table('log_head')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('event_subject')
        batch_op.drop_index('event_kind_id')
        batch_op.drop_index('event_actor_id')

    op.drop_table('event')
    op.drop_table('code_counter')
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_index('attempt_key_at')

    op.drop_table('attempt')
    op.drop_table('account')
