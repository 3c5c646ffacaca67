# docker build -t gongzhi . && docker run --rm -v "$PWD/results:/gongzhi/results" gongzhi compare --quick
FROM python:3.13-slim
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY sim sim
COPY experiments experiments
COPY gongzhi gongzhi
RUN pip install --no-cache-dir ".[sensitivity,calibration]"
# One run uses one core; parallel work is done by processes.
ENV OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONUTF8=1
RUN useradd --create-home gongzhi && mkdir -p /gongzhi/results && chown -R gongzhi /gongzhi
USER gongzhi
WORKDIR /gongzhi
ENTRYPOINT ["gongzhi"]
CMD ["--help"]
