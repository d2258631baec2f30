"""Ready-made looks for a profile, with sections to fill in."""

from typing import NamedTuple

from api.gql.enums import ProfileTemplateKey
from db.documents.layout import LayoutConfig, LayoutHeader, LayoutSpacing, LayoutWidth
from db.documents.section_config import (
    GallerySection,
    ImageFit,
    LinksSection,
    LinksShape,
    PeopleSection,
    PeopleShape,
    RepostsSection,
    SectionConfig,
    StaticImageSection,
    StaticTextSection,
    TextAlignment,
    VideoSection,
)
from db.documents.style import FontFamily, StyleColors, StyleConfig, StyleFonts, StyleSizes
from db.enums import SectionType


class TemplateSection(NamedTuple):
    type: SectionType
    title: str
    config: SectionConfig


class ProfileTemplate(NamedTuple):
    """`sections` from top to bottom; none of them needs a feed or a list."""

    key: ProfileTemplateKey
    name: str
    description: str
    style: StyleConfig
    layout: LayoutConfig
    sections: tuple[TemplateSection, ...]

    @property
    def section_types(self) -> list[SectionType]:
        return [section.type for section in self.sections]


TEMPLATES = (
    ProfileTemplate(
        ProfileTemplateKey.MUSICIAN,
        "Musician",
        "For musicians: videos, dates, and where to listen.",
        StyleConfig(
            fonts=StyleFonts(heading=FontFamily.DISPLAY, body=FontFamily.SANS),
            colors=StyleColors(text="#F4F1EA", background="#121016", accent="#E0533D", link="#F2A65A"),
            sizes=StyleSizes(text=16, heading=40, radius=4),
        ),
        LayoutConfig(columns=2, width=LayoutWidth.WIDE, header=LayoutHeader.BANNER),
        (
            TemplateSection(SectionType.VIDEO, "Watch", VideoSection()),
            TemplateSection(SectionType.LINKS, "Listen", LinksSection(shape=LinksShape.BUTTONS)),
            TemplateSection(SectionType.STATIC_TEXT, "Dates", StaticTextSection()),
            TemplateSection(SectionType.GALLERY, "On stage", GallerySection()),
            TemplateSection(SectionType.FOLLOWERS, "Listeners", PeopleSection()),
        ),
    ),
    ProfileTemplate(
        ProfileTemplateKey.RESTAURANT,
        "Restaurant",
        "For restaurants: pictures, the menu, opening hours, and how to book.",
        StyleConfig(
            fonts=StyleFonts(heading=FontFamily.SERIF, body=FontFamily.SANS),
            colors=StyleColors(text="#2B2118", background="#FBF6EC", accent="#B4532A", link="#8A3B12"),
            sizes=StyleSizes(text=17, heading=34, radius=12),
        ),
        LayoutConfig(columns=1, width=LayoutWidth.MEDIUM, spacing=LayoutSpacing.SPACIOUS, header=LayoutHeader.BANNER),
        (
            TemplateSection(SectionType.STATIC_IMAGE, "Welcome", StaticImageSection(fit=ImageFit.COVER)),
            TemplateSection(SectionType.STATIC_TEXT, "Menu", StaticTextSection(alignment=TextAlignment.CENTER)),
            TemplateSection(
                SectionType.STATIC_TEXT, "Opening hours", StaticTextSection(alignment=TextAlignment.CENTER)
            ),
            TemplateSection(SectionType.LINKS, "Book a table", LinksSection(shape=LinksShape.BUTTONS)),
            TemplateSection(SectionType.GALLERY, "From the kitchen", GallerySection(columns=4)),
        ),
    ),
    ProfileTemplate(
        ProfileTemplateKey.PORTFOLIO,
        "Portfolio",
        "For portfolios: a large gallery, a few words, and links.",
        StyleConfig(
            fonts=StyleFonts(heading=FontFamily.SANS, body=FontFamily.SANS),
            colors=StyleColors(text="#1A1A1A", background="#FFFFFF", accent="#1A1A1A", link="#0B57D0"),
            sizes=StyleSizes(text=15, heading=28, radius=0),
        ),
        LayoutConfig(columns=1, width=LayoutWidth.WIDE, spacing=LayoutSpacing.COMPACT, header=LayoutHeader.COMPACT),
        (
            TemplateSection(SectionType.GALLERY, "Work", GallerySection(columns=3, limit=30)),
            TemplateSection(SectionType.STATIC_TEXT, "About", StaticTextSection()),
            TemplateSection(SectionType.LINKS, "Contact", LinksSection(shape=LinksShape.LIST)),
        ),
    ),
    ProfileTemplate(
        ProfileTemplateKey.BUSINESS,
        "Business",
        "For businesses: what you do, links, what others say, and who follows you.",
        StyleConfig(
            fonts=StyleFonts(heading=FontFamily.ROUNDED, body=FontFamily.SYSTEM),
            colors=StyleColors(text="#1F2933", background="#F7F9FB", accent="#0B6E99", link="#0A5A80"),
            sizes=StyleSizes(text=16, heading=30, radius=8),
        ),
        LayoutConfig(columns=2, width=LayoutWidth.MEDIUM, header=LayoutHeader.BANNER),
        (
            TemplateSection(SectionType.STATIC_TEXT, "What we do", StaticTextSection()),
            TemplateSection(SectionType.LINKS, "Find us", LinksSection(shape=LinksShape.CARDS)),
            TemplateSection(SectionType.REPOSTS, "What others say", RepostsSection(limit=5)),
            TemplateSection(SectionType.FOLLOWERS, "Community", PeopleSection(shape=PeopleShape.GRID)),
        ),
    ),
)
BY_KEY = {template.key: template for template in TEMPLATES}
