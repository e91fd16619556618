-- Cases at realistic proportions, in SQLite's SQL; PostgreSQL gets the same rows by COPY.
-- :rows appeals, one for each penalty but the newest 15 %, of which two thirds may still be appealed.
-- The oldest 82 % of the appeals are completed; of the others six ninths are under review, two wait for evidence, one is
-- a draft. Nothing runs out within four hours of :noon, so that a sweep finds nothing to do.
-- Before this script: the policies, the calendar, shops and people, and three temporary tables:
--   slot(n, shop_id)            whose the n-th penalty is; the owner of a shop has the shop's id
--   rule(n, code, ground)       the types of penalties
--   setting(rows, noon, policy, calendar, days, staff, shops)

CREATE TEMP VIEW s AS SELECT * FROM setting;
CREATE TEMP TABLE place AS
  SELECT n AS i, shop_id,
    (SELECT noon FROM s) - 730 * 86400 + n * (700 * 86400 / (SELECT max(n) FROM slot)) AS began,
    (SELECT noon FROM s) + 4 * 3600 + (n * 7919) % (5 * 86400) AS ends,
    CASE
      WHEN n > (SELECT rows FROM s) THEN CASE WHEN n % 3 THEN 'to_appeal' ELSE 'missed' END
      WHEN n <= (SELECT rows * 82 / 100 FROM s) THEN 'completed'
      WHEN n % 9 < 6 THEN 'under_review'
      WHEN n % 9 < 8 THEN 'needs_evidence'
      ELSE 'draft'
    END AS state,
    printf('%08X', (n * 2654435761) & 4294967295) AS mark,
    1 + n % (SELECT count(*) FROM rule) AS rule_n,
    1 + (n * 31) % 5 AS files,
    CASE WHEN n % 3 = 0 THEN 0 ELSE 5000 + (n * 7717) % 900000 END AS amount
  FROM slot;
CREATE UNIQUE INDEX temp.place_i ON place (i);

INSERT INTO penalty (id, ref, shop_id, source, external_id, content_sha256, policy_version_id, rule_code, facts, reasons,
    automated, order_no, concerns, amount_minor, currency, points, notified_at, effective_at, imported_at, status,
    appealable, appeal_window, due_at, appeal_rights_used, version)
  SELECT i, 'PN-2026-' || mark, shop_id, 'import', printf('PN-%08d', i), lower(hex(randomblob(32))), policy, code,
    '12 笔订单点击发货后 24 小时内没有揽收记录，平台依据规则作出处理。',
    '{"ground": {"zh": "违约发货", "en": "Dispatch in breach of contract"}, "redress": ["appeal"], "automated_decision": false}',
    'none', printf('6921%010d', (i * 48271) % 9999999999), '12 笔订单', amount, 'CNY', i % 5,
    datetime(began, 'unixepoch') || '.000000', datetime(began, 'unixepoch') || '.000000',
    datetime(began, 'unixepoch') || '.000000', CASE WHEN state = 'completed' AND i % 4 = 0 THEN 'overturned' ELSE 'active' END,
    1, CASE WHEN state IN ('to_appeal', 'draft') THEN 'open' ELSE 'closed' END,
    datetime(CASE WHEN state IN ('to_appeal', 'draft') THEN ends ELSE began + 7 * 86400 END, 'unixepoch') || '.000000',
    state NOT IN ('to_appeal', 'draft', 'missed'), 1
  FROM place JOIN rule ON n = rule_n, s ORDER BY i;

INSERT INTO measure (penalty_id, kind, params, effect, execution, version)
  SELECT i, CASE WHEN amount THEN 'fine' ELSE 'points' END,
    CASE WHEN amount THEN '{"amount_minor": ' || amount || ', "currency": "CNY"}' ELSE '{"points": 2}' END,
    CASE WHEN state = 'completed' AND i % 4 = 0 THEN 'lifted' ELSE 'active' END, 'acknowledged', 1
  FROM place ORDER BY i;

INSERT INTO appeal (id, ref, shop_id, subject_type, subject_id, subject_ref, subject_no, concerns, appellant, round_no,
    rounds_allowed, rule_code, order_no, amount_minor, currency, ground_code, statement, declarations, draft_rev,
    supplement_statement, supplement_declarations, status, outcome, attempt, supplement_rounds, policy_version_id, due_at,
    overdue, started_at, saved_at, submitted_at, submitted_by, filed_via, completed_at, version)
  SELECT i, 'AP-2026-' || mark, shop_id, 'penalty', i, 'PN-2026-' || mark, printf('PN-%08d', i), '12 笔订单', 'merchant', 1,
    1, code, printf('6921%010d', (i * 48271) % 9999999999), amount, 'CNY', ground,
    '12 笔订单的包裹于当天 17:10 由快递网点上门揽收，底单附后，并非没有发货；物流信息延迟上传，请核对底单上的时间。', '{}', 3,
    '', '{}', state, CASE WHEN state = 'completed' THEN
      CASE i % 4 WHEN 0 THEN 'upheld' WHEN 1 THEN 'closed_timeout' ELSE 'rejected' END END,
    state <> 'draft', state = 'needs_evidence' OR (state = 'completed' AND i % 12 = 0), policy,
    CASE WHEN state = 'completed' THEN NULL WHEN state = 'under_review' AND i % 50 = 0
      THEN datetime(noon - 86400, 'unixepoch') || '.000000' ELSE datetime(ends, 'unixepoch') || '.000000' END,
    state = 'under_review' AND i % 50 = 0, datetime(began + 3600, 'unixepoch') || '.000000',
    datetime(began + 7200, 'unixepoch') || '.000000',
    CASE WHEN state <> 'draft' THEN datetime(began + 7200, 'unixepoch') || '.000000' END,
    CASE WHEN state <> 'draft' THEN shop_id END, 'appeal_centre',
    CASE WHEN state = 'completed' THEN datetime(began + 20 * 86400 + i % 86400, 'unixepoch') || '.000000' END, 3
  FROM place JOIN rule ON n = rule_n, s WHERE i <= rows ORDER BY i;

INSERT INTO deadline (id, subject_type, subject_id, kind, party, starts_at, base_due_at, due_at, state, spec, explain,
    provisional, zone, calendar_version_id, policy_version_id, reminders, remind_at, closed_at, version)
  SELECT i, 'penalty', i, 'file_appeal', 'merchant', datetime(began, 'unixepoch') || '.000000', due, due,
    CASE state WHEN 'to_appeal' THEN 'running' WHEN 'draft' THEN 'running' WHEN 'missed' THEN 'expired' ELSE 'met' END,
    '{"mode": "calendar_days", "n": 7, "roll": false}', days, 0, 'Asia/Shanghai', calendar, policy, '[1440, 180]',
    CASE WHEN state IN ('to_appeal', 'draft') THEN datetime(ends - 180, 'unixepoch') || '.000000' END,
    CASE WHEN state NOT IN ('to_appeal', 'draft') THEN due END, 2
  FROM (SELECT *, datetime(CASE WHEN state IN ('to_appeal', 'draft') THEN ends ELSE began + 7 * 86400 END, 'unixepoch')
      || '.000000' AS due FROM place), s ORDER BY i;
INSERT INTO deadline (subject_type, subject_id, kind, party, starts_at, base_due_at, due_at, state, spec, explain,
    provisional, zone, calendar_version_id, policy_version_id, reminders, closed_at, version)
  SELECT 'appeal', i, 'review', 'platform', datetime(began + 7200, 'unixepoch') || '.000000', due, due,
    CASE WHEN state = 'under_review' THEN CASE WHEN late THEN 'expired' ELSE 'running' END ELSE 'met' END,
    '{"mode": "working_days", "n": 5, "roll": false}', days, 0, 'Asia/Shanghai', calendar, policy, '[]',
    CASE WHEN state <> 'under_review' OR late THEN due END, 2
  FROM (SELECT *, state = 'under_review' AND i % 50 = 0 AS late,
      datetime(CASE WHEN state <> 'under_review' THEN began + 9 * 86400 WHEN i % 50 = 0 THEN (SELECT noon FROM s) - 86400
        ELSE ends END, 'unixepoch') || '.000000' AS due FROM place), s
  WHERE i <= rows AND state <> 'draft' ORDER BY i;
INSERT INTO deadline (subject_type, subject_id, kind, party, starts_at, base_due_at, due_at, state, spec, explain,
    provisional, zone, calendar_version_id, policy_version_id, reminders, remind_at, closed_at, version)
  SELECT 'appeal', i, 'supplement', 'merchant', datetime(began + 8 * 86400, 'unixepoch') || '.000000', due, due,
    CASE WHEN state = 'completed' THEN 'met' ELSE 'running' END,
    '{"mode": "calendar_days", "n": 3, "roll": false}', days, 0, 'Asia/Shanghai', calendar, policy, '[1440, 180]',
    CASE WHEN state <> 'completed' THEN datetime(ends - 180, 'unixepoch') || '.000000' END,
    CASE WHEN state = 'completed' THEN due END, 2
  FROM (SELECT *, datetime(CASE WHEN state = 'completed' THEN began + 11 * 86400 ELSE ends END, 'unixepoch') || '.000000'
      AS due FROM place WHERE state = 'needs_evidence' OR (state = 'completed' AND i % 12 = 0)), s
  WHERE i <= rows ORDER BY i;

INSERT INTO evidence_request (case_type, case_id, party, round, reason_code, text_to_party, deficiencies, "by", at, deadline_id)
  SELECT 'appeal', subject_id, 'merchant', 1, 'N01', '揽收底单只显示 1 个运单号，请补充其余订单的揽收清单。',
    '[{"requirement_code": "carrier_receipt", "problem": "incomplete", "note": "缺 11 笔"}]',
    (SELECT shops + 1 + subject_id % staff FROM s), starts_at, id
  FROM deadline WHERE kind = 'supplement' ORDER BY id;

INSERT INTO submission (id, case_type, case_id, party, kind, seq, ground_code, statement, declarations, manifest,
    manifest_sha256, key, sealed_at, sealed_by)
  SELECT id, 'appeal', id, 'merchant', 'initial', 1, ground_code, statement, '{}', '[]', lower(hex(randomblob(32))),
    hex(randomblob(16)), submitted_at, submitted_by
  FROM appeal WHERE status <> 'draft' ORDER BY id;
INSERT INTO submission (case_type, case_id, party, kind, seq, statement, declarations, manifest, manifest_sha256, key,
    answers_request_id, sealed_at, sealed_by)
  SELECT 'appeal', appeal.id, 'merchant', 'supplement', 2, '补充揽收清单一份。', '{}', '[]', lower(hex(randomblob(32))),
    hex(randomblob(16)), r.id, datetime(r.at, '+1 day') || '.000000', submitted_by
  FROM evidence_request r JOIN appeal ON appeal.id = r.case_id AND status = 'completed' ORDER BY appeal.id;

CREATE TEMP TABLE file AS
  SELECT place.i, f.n, row_number() OVER (ORDER BY place.i, f.n) AS id
  FROM place JOIN (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) f
    ON f.n <= place.files
  WHERE place.i <= (SELECT rows FROM s);
INSERT INTO stored_file (id, sha256, size, media_type, name, width, height, received_at, uploader_id)
  SELECT file.id, lower(hex(randomblob(32))), 348000 + file.id % 900000, CASE n WHEN 4 THEN 'application/pdf' ELSE 'image/jpeg' END,
    '物流签收凭证（' || n || '）.jpg', 1280, 960, datetime(began + 5400 + n, 'unixepoch') || '.000000', shop_id
  FROM file JOIN place ON place.i = file.i ORDER BY file.id;
INSERT INTO evidence_item (id, ref, case_type, case_id, shop_id, owner_party, requirement_code, exhibit_label, title,
    file_id, state, visibility, submission_id, created_at, sealed_at, version)
  SELECT file.id, printf('EV-2026-%08X', (file.id * 2654435761) & 4294967295), 'appeal', file.i, shop_id, 'merchant',
    CASE n WHEN 1 THEN 'carrier_receipt' WHEN 2 THEN 'tracking_trace' END,
    CASE WHEN state <> 'draft' THEN 'A' || n END, '物流签收凭证（' || n || '）.jpg', file.id,
    CASE WHEN state <> 'draft' THEN 'sealed' ELSE 'staged' END, 'own', CASE WHEN state <> 'draft' THEN file.i END,
    datetime(began + 5400 + n, 'unixepoch') || '.000000',
    CASE WHEN state <> 'draft' THEN datetime(began + 7200, 'unixepoch') || '.000000' END, 2
  FROM file JOIN place ON place.i = file.i ORDER BY file.id;

INSERT INTO review (case_type, case_id, case_ref, attempt, seat, state, title_code, shop_id, shop_name, amount_minor,
    currency, exhibits, due_at, barred, claimed_by, lease_until, verdict, draft, opened_at, concluded_at, concluded_by, version)
  SELECT 'appeal', a.id, a.ref, 1, 'primary',
    CASE WHEN status <> 'under_review' THEN 'concluded' WHEN mine THEN 'claimed' ELSE 'queued' END,
    rule_code, shop_id, shop.name, amount_minor, a.currency, '3/4', coalesce(due_at, completed_at), '[' || shop_id || ']',
    CASE WHEN mine THEN shops + 1 + a.id % staff END, CASE WHEN mine THEN datetime(noon + 1500, 'unixepoch') || '.000000' END,
    CASE WHEN status = 'completed' THEN '{"outcome": "' || outcome || '"}' END, '{}', submitted_at,
    CASE WHEN status <> 'under_review' THEN coalesce(completed_at, submitted_at) END,
    CASE WHEN status <> 'under_review' THEN shops + 1 + a.id % staff END, 3
  FROM (SELECT *, status = 'under_review' AND id % (rows / 100) = 3 AS mine FROM appeal, s) a
    JOIN shop ON shop.id = a.shop_id
  WHERE status <> 'draft' ORDER BY a.id;
-- A second opinion on one case in fifty: the first one is concluded, the second waits.
UPDATE review SET state = 'concluded', claimed_by = NULL, lease_until = NULL, concluded_at = opened_at,
    concluded_by = (SELECT shops + 1 + case_id % staff FROM s), verdict = '{"outcome": "rejected", "reason_code": "R01"}'
  WHERE state IN ('queued', 'claimed') AND case_id % 50 = 1;
INSERT INTO review (case_type, case_id, case_ref, attempt, seat, state, title_code, shop_id, shop_name, amount_minor,
    currency, exhibits, due_at, barred, draft, opened_at, version)
  SELECT 'appeal', r.case_id, r.case_ref, 1, 'second', 'queued', r.title_code, r.shop_id, r.shop_name, r.amount_minor,
    r.currency, r.exhibits, r.due_at, r.barred, '{}', r.opened_at, 1
  FROM review r JOIN appeal ON appeal.id = r.case_id AND status = 'under_review' WHERE case_id % 50 = 1 ORDER BY r.id;

INSERT INTO decision (case_type, case_id, case_ref, round, outcome, reason_code, findings, text_to_party, rules,
    evidence_verdicts, measures_result, automated, redress, locale, decided_by, decided_at, sha256)
  SELECT 'appeal', id, ref, 1, outcome, CASE outcome WHEN 'upheld' THEN 'A01' WHEN 'rejected' THEN 'R01' ELSE 'T01' END,
    '寄件清单没有网点章，也没有运单号，不能证明这些包裹在处罚认定的时间之前已经交给了快递，因此无法支持您的主张，处罚维持不变。',
    '您提交的材料不能证明包裹已经交付。', '[{"code": "FAKE_SHIPMENT", "title": "虚假发货"}]', '[]', '[]', 'none', '["complaint"]', 'zh',
    shops + 1 + id % staff, completed_at, lower(hex(randomblob(32)))
  FROM appeal, s WHERE status = 'completed' ORDER BY id;

CREATE TEMP TABLE happened AS
  SELECT ref AS chain, 1 AS seq, notified_at AS at, 'system' AS actor, 'system' AS role, 'penalty.issued' AS action,
    NULL AS came, status AS went, '{"source": "import"}' AS said, id AS i FROM penalty
  UNION ALL SELECT ref, 1, started_at, 'person-' || shop_id, 'merchant_owner', 'appeal.started', NULL, 'draft', '{}', id
    FROM appeal
  UNION ALL SELECT ref, 2, submitted_at, 'person-' || shop_id, 'merchant_owner', 'appeal.submitted', 'draft', 'under_review',
    '{"submission": 1, "exhibits": 3}', id FROM appeal WHERE status <> 'draft'
  UNION ALL SELECT ref, 3, r.at, 'staff-' || r."by", 'reviewer', 'appeal.evidence_requested', 'under_review',
    'needs_evidence', '{}', a.id FROM appeal a JOIN evidence_request r ON r.case_id = a.id
  UNION ALL SELECT a.ref, 4, b.sealed_at, 'person-' || shop_id, 'merchant_owner', 'appeal.supplemented', 'needs_evidence',
    'under_review', '{"submission": 2, "exhibits": 1}', a.id
    FROM appeal a JOIN submission b ON b.case_id = a.id AND b.kind = 'supplement'
  UNION ALL SELECT ref, 3 + 2 * (supplement_rounds > 0), completed_at, 'staff-' || id % 20, 'reviewer', 'appeal.decided',
    'under_review', 'completed', '{"outcome": "' || outcome || '"}', id FROM appeal WHERE status = 'completed';
INSERT INTO audit_event (chain, seq, at, actor, actor_role, action, from_status, to_status, audience, data, salt, data_hash,
    prev_hash, hash)
  SELECT chain, seq, at, actor, role, action, came, went, 'parties', said, lower(hex(randomblob(16))),
    lower(hex(randomblob(32))), lower(hex(randomblob(32))), lower(hex(randomblob(32)))
  FROM happened ORDER BY i, chain, seq;

INSERT INTO notice (event, recipient, category, template, params, case_type, case_ref, created_at, read_at, read_by)
  SELECT 'penalty.issued:' || ref, 'shop:' || shop_id, 'penalty', 'penalty.issued',
    '{"ref": "' || ref || '", "rule_code": "' || rule_code || '"}', 'penalty', ref, notified_at,
    CASE WHEN id % 40 THEN notified_at END, CASE WHEN id % 40 THEN shop_id END
  FROM penalty ORDER BY id;
INSERT INTO notice (event, recipient, category, template, params, case_type, case_ref, created_at, read_at, read_by)
  SELECT 'appeal.submitted:' || ref || ':1', 'shop:' || shop_id, 'appeal', 'appeal.submitted',
    '{"ref": "' || ref || '", "rule_code": "' || rule_code || '"}', 'appeal', ref, submitted_at,
    CASE WHEN id % 40 THEN submitted_at END, CASE WHEN id % 40 THEN shop_id END
  FROM appeal WHERE status <> 'draft' ORDER BY id;
INSERT INTO notice (event, recipient, category, template, params, case_type, case_ref, created_at, read_at, read_by)
  SELECT 'appeal.' || outcome || ':' || ref || ':1', 'shop:' || shop_id, 'appeal', 'appeal.' || outcome,
    '{"ref": "' || ref || '", "rule_code": "' || rule_code || '"}', 'appeal', ref, completed_at,
    CASE WHEN id % 40 THEN completed_at END, CASE WHEN id % 40 THEN shop_id END
  FROM appeal WHERE status = 'completed' ORDER BY id;
INSERT INTO delivery (notice_id, channel, address, locale, message_id, state, attempts, failures, next_at, done_at, created_at)
  SELECT id, 'email', substr(recipient, 6) || '@shops.example', 'zh', hex(randomblob(16)) || '@localhost', 'sent', 1, 0,
    created_at, created_at, created_at
  FROM notice ORDER BY id;
