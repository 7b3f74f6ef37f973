#!/usr/bin/env bash
# The whole job with curl and jq, from two drafts to a claim on public notice, and where it is over to the certificate:
#
#   HALL=https://hall.example DEMAND=hall_… SUPPLIER=hall_… ADMINISTRATOR=hall_… SECOND=hall_… examples/whole_job.sh
#   … examples/whole_job.sh T-2026-000001     approves that record when its notice has ended
#
# Each token is made on its person's page “Tokens for programs”, for the organisation that it acts for; SECOND is another
# administrator's, since two review a claim.
set -euo pipefail

API="$HALL/api/v1"

# ask TOKEN PATH: a record.
ask() { curl --silent --show-error --fail-with-body -H "Authorization: Bearer $1" "$API$2"; }

# version TOKEN PATH: the ETag of a record, which every change of it names.
version() {
  curl --silent --show-error --fail-with-body -o /dev/null -D - -H "Authorization: Bearer $1" "$API$2" |
    sed -n 's/^[Ee][Tt]ag: *\([^\r]*\).*/\1/p'
}

# send TOKEN PATH BODY: something new. With a key of its own it is done once, however often it is sent.
send() {
  curl --silent --show-error --fail-with-body -X POST "$API$2" -H "Authorization: Bearer $1" \
    -H "Content-Type: application/json" -H "Idempotency-Key: $(date +%s%N)" --data "$3"
}

# act TOKEN PATH ACTION [BODY]: an action of a record, in the version that is there now.
act() {
  curl --silent --show-error --fail-with-body -X POST "$API$2/$3" -H "Authorization: Bearer $1" \
    -H "If-Match: $(version "$1" "$2")" -H "Idempotency-Key: $(date +%s%N)" \
    ${4:+-H "Content-Type: application/json" --data "$4"}
}

# upload TOKEN PATH FILE ROLE: a file of a record.
upload() {
  curl --silent --show-error --fail-with-body -X POST "$API$2/files?name=$(basename "$3")&role=$4" \
    -H "Authorization: Bearer $1" -H "Content-Type: application/octet-stream" \
    -H "Idempotency-Key: $(date +%s%N)" --data-binary "@$3"
}

own() { ask "$1" /me | jq .organization.id; }

if [ $# -eq 1 ]; then
  certificate=$(act "$ADMINISTRATOR" "/outcomes/$1" approve | jq -r .certificate)
  curl --silent --show-error --fail-with-body "$API/certificates/$certificate" | jq -r '"\(.number) \(.is_valid)"'
  exit
fi

scenario=$(send "$DEMAND" /scenarios "$(jq -n --argjson own "$(own "$DEMAND")" '{organization: $own, content: {
  title: "港口岸桥无人机巡检", situation: "人工登高检查岸桥钢结构，每台岸桥需停机2小时。",
  wanted_result: "自动机场与多旋翼无人机夜间巡检，识别锈蚀与裂纹。", domains: ["low-altitude"], region: "440300",
  requirements: [{metric: "续航时间", comparison: "at_least", value: 40, unit: "min"}],
  contact_name: "陈港", contact_email: "contact@port.example"}}')" | jq -r .code)
act "$DEMAND" "/scenarios/$scenario" submit > /dev/null
act "$ADMINISTRATOR" "/scenarios/$scenario" release | jq -r '"\(.code) \(.state)"'

product=$(send "$SUPPLIER" /products "$(jq -n --argjson own "$(own "$SUPPLIER")" '{organization: $own, content: {
  title: "全自动无人机机场巡检系统", summary: "六旋翼无人机与换电自动机场，识别锈蚀和裂纹。", limits: "不适用于8级以上大风。",
  domains: ["low-altitude"], readiness_level: 8, earlier_uses: "无",
  specifications: [{metric: "续航时间", value: 45, unit: "min"}]}}')" | jq -r .code)
act "$SUPPLIER" "/products/$product" submit > /dev/null
act "$ADMINISTRATOR" "/products/$product" list | jq -r '"\(.code) \(.state)"'

application=$(send "$SUPPLIER" /applications "$(jq -n --arg scenario "$scenario" --arg product "$product" \
  '{scenario: $scenario, product: $product, proposal: "我们以自动机场完成夜间巡检。"}')" | jq -r .code)
act "$DEMAND" "/applications/$application" accept '{"feedback": ""}' | jq -r '"\(.code) \(.state)"'

outcome=$(act "$SUPPLIER" "/applications/$application" plan '{"kind": "first_trial", "place": "3号泊位",
  "starts_on": "2026-11-01", "ends_on": "2026-11-10",
  "metrics": [{"metric": "续航时间", "comparison": "at_least", "value": 40, "unit": "min"}]}' | jq -r .code)
act "$SUPPLIER" "/outcomes/$outcome" sign > /dev/null
act "$DEMAND" "/outcomes/$outcome" sign | jq -r '"\(.code) \(.state)"'

act "$SUPPLIER" "/outcomes/$outcome" start > /dev/null
act "$SUPPLIER" "/outcomes/$outcome" report '{"measured": [43], "summary": "完成20架次。"}' > /dev/null
act "$DEMAND" "/outcomes/$outcome" confirm | jq -r '"\(.code) \(.state)"'

report=$(mktemp --suffix=.pdf)
trap 'rm -f "$report"' EXIT
printf '%%PDF-1.7 what was measured' > "$report"
for kind in trial_report acceptance; do
  upload "$SUPPLIER" "/outcomes/$outcome" "$report" "evidence.$kind" > /dev/null
done
act "$SUPPLIER" "/outcomes/$outcome" claim '{"scope": "city",
  "declarations": {"earlier_sales": "无", "equity_link": "无", "why_first": "本市首次"}}' | jq -r '"\(.code) \(.state)"'
advice='{"advice": "approve", "marks": {"novelty": 4, "reality": 4, "results": 4, "evidence": 4}, "reason": "材料齐全",
  "checked": ["trial_report", "acceptance"]}'
act "$ADMINISTRATOR" "/outcomes/$outcome" advise "$advice" > /dev/null
act "$SECOND" "/outcomes/$outcome" advise "$advice" | jq -r '"\(.code) \(.state)"'
