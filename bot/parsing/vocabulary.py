"""The words that writers put before a colon, as data: kinds of links, references, remarks, what is nobody's name."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model.digest import LinkKind


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as prose."""
    return frozenset(text.split())


KINDS: Mapping[LinkKind, frozenset[str]] = {
    LinkKind.PAPER: words(
        "paper papers abs abstract pdf arxiv preprint publication proceedings openreview report 论文 文章 预印本"
    ),
    LinkKind.CODE: words(
        "code codes codebase github gitlab repo repos repository implementation library notebook 代码 源码 仓库"
    ),
    LinkKind.VIDEO: words(
        "video videos youtube vimeo bilibili talk recording recordings live replay trailer 视频 录像 直播 回放"
    ),
    LinkKind.PROJECT: words("project 项目"),
    LinkKind.DATASET: words("dataset datasets data benchmark 数据 数据集"),
    LinkKind.SLIDES: words("slides slide ppt pptx deck poster 幻灯片"),
    LinkKind.COURSE: words("course courses class lecture lectures tutorial notes syllabus 课程 讲义 教程"),
    LinkKind.DEMO: words("demo demos colab playground 演示 试用"),
    LinkKind.POST: words("blog blogpost post thread tweet 博客 推文 帖子"),
}
"""Words of a label that tell the kind of what it links to."""

PAGES = words("page pages webpage website site homepage web 主页 网页 网站 官网")
"""Words that tell a project's page where no better word stands beside them."""

REFERENCES = words(
    "ref reference references source original tweet twitter weibo 原推 原文 原帖 原链接 原始链接 推特 推文 来源 出处"
    " 参考 引用 原推链接 原文链接 推特链接 推文链接 来源链接 参考链接 引用链接"
)
"""Labels of the post that an entry is about."""

REFERENCE_NOUNS = words("link url post page tweet twitter source")
"""What may stand behind one of `REFERENCES`, or between two: "original twitter link"."""

REMARKS = (
    "评述",
    "点评",
    "短评",
    "评语",
    "编者按",
    "编者注",
    "小编按",
    "小编评",
    "小编点评",
    "按语",
    "小结",
    "总结",
    "remark",
    "remarks",
    "our remark",
    "our comment",
    "editor's note",
    "editor’s note",
    "editors' note",
    "editors’ note",
)
"""Labels of the editors' own remark."""

COMMENTS = words("comment comments reply replies discussion discussions 评论 评论区 回复 讨论 讨论区")
"""Labels of what others said."""

CONTENTS = words("content contents abstract description detail details 内容 简介 正文 介绍")
"""Labels that say no more than that text follows."""

COMMON = words(
    """
    a ablation about abstract accepted ack acknowledgements advantage advantages advice agenda also an and answer
    answers application applications apply approach april architecture arxiv as at attention august author authors
    award awards background baseline baselines benchmark bio blog bonus breaking btw bugs but call camera caution
    caveat challenge check code comment comments conclusion conclusions congrats congratulations cons contact
    content contents context contribution contributions course credit credits data dataset datasets date dates
    deadline deadlines december demo demos description details disadvantage disadvantages disclaimer discussion
    download duration edit email english evaluation event example examples exclusive experiments fact faq feature
    features february figure figures finally find first five fix fixes for format four fourth friday from fun
    further future fyi goal goals hardware highlight highlights hint hiring host hosts how idea ideas if image
    images imo important in inference info information input inputs insight insights installation internship
    internships intro introduction invited is issue issues it january job jobs july june key keynote keynotes lastly
    lecture lectures lesson lessons license limitation limitations link links list live local location loss losses
    main march may meanwhile meeting method methods metric metrics mistake model models monday motivation my name
    new news next not note notes november october of on one online open or organised organized organizer organizers
    our outlook output overview page panel panelist panelists paper papers part pdf people phd photo place please
    position positions postdoc poster preprint prerequisites price principle principles prize pro problem problems
    program project pros ps question questions quick ready reason reasons recent reference references register
    registration related release releases reminder repo report requirements result results right room rule rules
    salary saturday schedule second section see september series session setup short slides software solution
    solutions source speaker speakers spoiler stage start status step steps submission summary sunday supplementary
    support table takeaway takeaways talk talks task tasks test testing thank thanks that the then theorem theory
    third this thought thoughts thread three thursday time timeline tip tips title tldr to today todo tomorrow topic
    topics training trick tricks tuesday tutorial tutorials tweet twitter two upcoming update updates usage useful
    venue version versions via video videos warning we webpage website wednesday week weekend what when where which
    who why with work workshop workshops youtube zoom
    """
)
"""Words that stand before a colon without being part of anybody's name."""

CHINESE_COMMON = words(
    """
    时间 地点 日期 题目 标题 主题 报告 摘要 简介 介绍 嘉宾 讲者 主讲 主持 内容 背景 问题 方法 结果 结论
    总结 注意 提示 说明 更新 链接 网址 代码 论文 视频 主页 项目 数据 会议 课程 直播 回放 作者 来源 机构
    单位 地址 要求 职位 方向 申请 截止 联系 邮箱 报名 更多 相关 参考 推荐
    """
)
"""The same in Chinese, where words are not parted."""

AUTHORSHIP = words("author authors by from via posted 作者 发布者 博主 来自")
"""Labels of who posted it."""

NAME_PARTICLES = words("al ap bin da de del della den der di dos du el ibn la le ka s st ten ter und van von y zu")
"""Words of names that are written small."""
