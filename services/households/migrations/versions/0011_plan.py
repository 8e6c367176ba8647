"""The plan itself: tasks, projects and lists, progress, reports."""

from datetime import date

from alembic import op
from sqlalchemy import Date, Integer, SmallInteger, Text, column, table

revision = "0011"
down_revision: str | None = "0010"

_SERVICE = "households"

_TABLES = """
CREATE TABLE plan_tasks (
    code TEXT NOT NULL,
    place SMALLINT NOT NULL,
    version INTEGER NOT NULL,
    clause TEXT NOT NULL,
    part TEXT NOT NULL,
    title TEXT NOT NULL,
    stated TEXT NOT NULL,
    lead_unit TEXT NOT NULL,
    due_on DATE,
    CONSTRAINT pk_plan_tasks PRIMARY KEY (code)
);
COMMENT ON TABLE plan_tasks IS
    '方案任务: 27 measures and 6 safeguards; stated is what the plan''s text says of the time';
CREATE TABLE work_items (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    task TEXT NOT NULL,
    project_id UUID,
    region_code VARCHAR(12) NOT NULL,
    title TEXT NOT NULL,
    unit TEXT NOT NULL,
    planned_on DATE NOT NULL,
    due_on DATE,
    state TEXT NOT NULL,
    done_on DATE,
    CONSTRAINT pk_work_items PRIMARY KEY (id),
    CONSTRAINT fk_work_items_task FOREIGN KEY(task) REFERENCES plan_tasks (code),
    CONSTRAINT fk_work_items_project_id FOREIGN KEY(project_id) REFERENCES work_items (id)
);
CREATE INDEX ix_work_items_task_id ON work_items (task, id);
CREATE INDEX ix_work_items_due_on ON work_items (due_on);
COMMENT ON TABLE work_items IS '项目和清单事项: an entry of a list names its project';
CREATE TABLE progress_notes (
    id UUID NOT NULL,
    task TEXT NOT NULL,
    item_id UUID,
    region_code VARCHAR(12) NOT NULL,
    noted_on DATE NOT NULL,
    percent SMALLINT,
    words TEXT NOT NULL,
    author TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_progress_notes PRIMARY KEY (id),
    CONSTRAINT fk_progress_notes_task FOREIGN KEY(task) REFERENCES plan_tasks (code),
    CONSTRAINT fk_progress_notes_item_id FOREIGN KEY(item_id) REFERENCES work_items (id)
);
CREATE INDEX ix_progress_notes_task_id ON progress_notes (task, id);
COMMENT ON TABLE progress_notes IS '任务进展: notes are added, never changed';
CREATE TABLE plan_reports (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    period VARCHAR(7) NOT NULL,
    region_code VARCHAR(12) NOT NULL,
    unit TEXT NOT NULL,
    words TEXT NOT NULL,
    due_on DATE NOT NULL,
    submitted_on DATE NOT NULL,
    CONSTRAINT pk_plan_reports PRIMARY KEY (id)
);
CREATE INDEX ix_plan_reports_period_id ON plan_reports (period, id);
COMMENT ON TABLE plan_reports IS
    '工作报告: half-yearly by lead units, at year end by counties; sent again, the next version'
"""

_IN_AREA = """EXISTS (
    SELECT FROM regions r
    WHERE r.code = region_code AND r.valid_to IS NULL
      AND r.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
)"""

_MEASURES = (
    ("通过提高农业产业增值收益带动一批", (
        "注重科技引领", "完善设施建设", "强化营销带动", "提升主导产业辐射带动能力", "发挥新型经营主体帮扶实效",
        "推进产业示范创建激励增收", "推进新型经营主体增量提质", "激励壮大村集体经济", "优化集体经济收益分配",
    )),
    ("文旅融合拓宽收入渠道带动一批", ("推动“乡村旅游+N”产业融合发展促增收", "创新支持乡村旅游发展")),
    ("提升技能水平促进增收一批", ("强化培训促进技能提升", "提高职业教育帮扶成效")),
    ("扩大务工就业带动一批", (
        "抓稳岗促就业", "加大创业带动就业扶持", "深化市场主体联结带动", "强化农村实用型人才培训培育",
        "促进就地就近就业",
    )),
    ("拓展资产增值空间带动一批", ("开展村级资产运营管理试点工作", "发挥闲置资产效益")),
    ("强化金融保险扶持增收一批", ("加大农企金融支持", "加大到户金融支持", "推进农业保险“扩面、增品、提标”")),
    ("实施惠民工程减支一批", (
        "加大政策性转移支付力度", "简办红白事降低人情开支", "全面推进“春城惠民保”保障", "多途径拓宽社会帮扶渠道",
    )),
)  # fmt: skip
_SAFEGUARDS = ("加强组织领导", "强化资金保障", "提升帮扶成效", "抓实监测调度", "严格督查考评", "加大宣传引导")

_STATED = {
    "m19": ("2022—2023年试点，2024年在脱贫地区全面推行", date(2024, 12, 31)),
    "g4": ("市级季度、县级每月、乡级半月调度研判，村级动态排查", None),
}
"""All that the plan's text says of times; a rhythm is no due date."""


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement)
    for name in ("work_items", "progress_notes", "plan_reports"):
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY app_scope ON {name} TO {_SERVICE}_app USING ({_IN_AREA}) WITH CHECK ({_IN_AREA})")
        op.execute(f"CREATE POLICY worker_all ON {name} TO {_SERVICE}_worker USING (true) WITH CHECK (true)")
    for name in ("work_items", "plan_reports"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {name} TO {_SERVICE}_app, {_SERVICE}_worker")
    op.execute(f"GRANT SELECT, INSERT ON progress_notes TO {_SERVICE}_app, {_SERVICE}_worker")
    op.execute(f"GRANT SELECT, UPDATE ON plan_tasks TO {_SERVICE}_app, {_SERVICE}_worker")
    tasks = table(
        "plan_tasks",
        column("code", Text), column("place", SmallInteger), column("version", Integer), column("clause", Text),
        column("part", Text), column("title", Text), column("stated", Text), column("lead_unit", Text),
        column("due_on", Date),
    )  # fmt: skip
    op.bulk_insert(tasks, _seeds())


def _seeds() -> list[dict[str, object]]:
    measures = [(part, title) for part, titles in _MEASURES for title in titles]
    told = [(f"m{n}", f"§{n}", part, title) for n, (part, title) in enumerate(measures, start=1)]
    told += [(f"g{n}", f"G{n}", "保障措施", title) for n, title in enumerate(_SAFEGUARDS, start=1)]
    return [
        {
            "code": code, "place": place, "version": 1, "clause": clause, "part": part, "title": title,
            "stated": _STATED.get(code, ("", None))[0], "lead_unit": "", "due_on": _STATED.get(code, ("", None))[1],
        }
        for place, (code, clause, part, title) in enumerate(told, start=1)
    ]  # fmt: skip
