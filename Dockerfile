# The app on a host for strangers; docs/hosting.md says how to run it. Each line is tried by
# `python -m tests.hosting.docker_trial`, and the suite runs the last four.
FROM python:3.13-slim

# tini is the first process: it passes signals on and reaps processes whose parent ended.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home lab \
    && install --directory --owner=lab --group=lab /data

WORKDIR /app
# The packages come before the code, so that a change of the code does not install TensorFlow again.
COPY requirements-common.txt requirements-docker.txt ./
RUN pip install --no-cache-dir -r requirements-docker.txt
COPY . .
RUN python -m compileall -q core pages streamlit_app.py

# Without XSRF protection, uploads work in an iframe of another site; docs/hosting.md says what protects them.
ENV DEEP_IMAGE_LAB_HOME=/data \
    DEEP_IMAGE_LAB_HOSTED=1 \
    KERAS_HOME=/tmp/keras \
    PYTHONUNBUFFERED=1 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false
VOLUME /data
EXPOSE 8501

USER 1000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['STREAMLIT_SERVER_PORT'] + '/_stcore/health', timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["streamlit", "run", "streamlit_app.py"]
