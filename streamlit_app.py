"""Deep Image Lab: the web server and each visitor's run. Start with ``streamlit run streamlit_app.py``."""

import streamlit as st

if __name__ == "__main__":  # a visitor's run
    from pages.parts.shared import navigation, outgoing, visitor_language, visitors

    navigation.configure_page()
    outgoing.stop_address_queries()
    page = navigation.declare_pages()
    navigation.show_title(page)
    navigation.show_frame(page)
    visitor_language.show_button()
    visitors.ask_browser()
    page.run()
    visitors.keep_in_link()
    visitor_language.keep_in_link()
    navigation.freeze_long_lived_objects()
else:  # the web server, which imports this file once
    from pages.parts.shared import link_previews, server_start

    app = st.App(__file__, routes=link_previews.routes(), lifespan=server_start.started)
