"""Deep Image Lab: page configuration and navigation. Start with ``streamlit run streamlit_app.py``."""

from pages.parts.shared import navigation, outgoing, visitor_language, visitors

navigation.configure_page()
outgoing.stop_address_queries()
page = navigation.declare_pages()
visitor_language.show_button()
visitors.ask_browser()
page.run()
visitors.keep_in_link()
visitor_language.keep_in_link()
navigation.freeze_long_lived_objects()
