# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Painting surfaces into a picture: colour, which surface is seen, and how far away it is.

A point of a surface is ``corner + a across + b down``. With K the camera matrix and the three
vectors as columns of M in the camera's frame, K M (a, b, 1) = z (u, v, 1); so the inverse of
K M takes a pixel (u, v, 1) to (a, b, 1) / z. Its last row gives the inverse depth, which is
linear in the picture, and all of it is the homography that warps the texture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.camera import Camera, Pose
from structvpr_ros.data.town.ground import Ground
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.surface import Mesh
from structvpr_ros.data.town.texture import OPAQUE

FIRST_SURFACE = 256
_NEAREST = 0.2
_FARTHEST = 400.0
_SMALLEST_AREA = 40
_FAR_OUTSIDE = 1e6
_LEAST_SOLID = np.uint32(OPAQUE // 2 << 24)


class Raster:
    """
    What the camera sees, pixel by pixel.

    ``colour`` uint8 (H, W, 4) is the RGBA of the textures, unlit; ``seen`` uint16 (H, W) holds
    the class of bare ground and sky, or ``FIRST_SURFACE`` + the row of the mesh; and
    ``inverse_depth`` float32 (H, W) is in 1/metres, 0 for the sky.
    """

    def __init__(self, camera: Camera, pose: Pose) -> None:
        self.camera = camera
        self.pose = pose
        shape = (camera.height, camera.width)
        self.colour = np.zeros((*shape, 4), np.uint8)
        self.colour[..., 3] = OPAQUE
        self.seen = np.full(shape, Label.SKY, np.uint16)
        self.inverse_depth = np.zeros(shape, np.float32)
        self._columns = np.arange(camera.width, dtype=np.float32)
        self._rows = np.arange(camera.height, dtype=np.float32)

    def paint_ground(self, ground: Ground) -> None:
        """Paint the ground; far rows from smaller textures, as a row has one depth."""
        inverse = self._inverses(ground.corner[None], ground.across[None], ground.down[None])[0]
        inverse_depth = inverse[2, 1] * self._rows + inverse[2, 2]
        texels = ground.texels_per_metre / (self.camera.matrix[0, 0] * inverse_depth.clip(1e-6))
        # A row shows more ground in depth than across: one level more than across needs.
        levels = np.floor(np.log2(texels.clip(1) * 2)).clip(0, len(ground.colours) - 1)
        levels[inverse_depth <= 1 / _FARTHEST] = -1
        for level in np.unique(levels[levels >= 0]).astype(int):
            rows = np.flatnonzero(levels == level)
            roi = np.s_[rows[0]:rows[-1] + 1]
            size = (self.camera.width, len(rows))
            within = inverse @ _translations(np.array([[0, rows[0]]]))[0]
            for target, texture, flag in (
                    (self.colour, ground.colours[level], cv2.INTER_LINEAR),
                    (self.seen, ground.classes, cv2.INTER_NEAREST)):
                target[roi] = cv2.warpPerspective(
                    texture, _to_texels(np.array([texture.shape[:2]]))[0] @ within, size,
                    flags=flag | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
            self.inverse_depth[roi] = inverse_depth[roi, None]

    def paint(self, mesh: Mesh) -> None:
        """Paint the surfaces that face the camera, the nearest first."""
        corners = self._corners(mesh)
        depths = corners[..., 2]
        rows = np.flatnonzero((depths.max(1) > _NEAREST) & (depths.min(1) < _FARTHEST)
                              & self._faces(mesh))
        boxes = self._boxes(corners[rows])
        large = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) >= _SMALLEST_AREA
        boxes = boxes.clip(0, (self.camera.width, self.camera.height) * 2)
        shown = large & (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        rows, boxes = rows[shown], boxes[shown]
        rows, boxes = (items[np.argsort(depths[rows].min(1), kind='stable')]
                       for items in (rows, boxes))
        inverses = self._inverses(mesh.corners[rows], mesh.across[rows], mesh.down[rows])
        inverses = inverses @ _translations(boxes[:, :2])
        textures = self._choose(mesh, rows, depths[rows])
        shapes = np.array([texture.shape[:2] for texture in textures]).reshape(-1, 2)
        warps = _to_texels(shapes) @ inverses
        nearest = (1 / depths[rows].min(1).clip(_NEAREST)).tolist()
        for box, near, inverse, warp, texture, row in zip(
                boxes.tolist(), nearest, inverses[:, 2].tolist(), warps, textures, rows):
            # Most of what is hidden is told from what is before it, without being drawn.
            if self._farthest(box) < near:
                self._paint_one(box, inverse, warp, texture, np.uint16(FIRST_SURFACE + row))

    def _farthest(self, box: list[int]) -> np.float32:
        left, top, right, bottom = box
        return self.inverse_depth[top:bottom, left:right].min()

    def _paint_one(self, box: list[int], depth_plane: list[float], warp: NDArray[np.float64],
                   texture: NDArray[np.uint8], index: np.uint16) -> None:
        left, top, right, bottom = box
        size = (right - left, bottom - top)
        roi = np.s_[top:bottom, left:right]
        a, b, c = depth_plane
        inverse_depth = (self._columns[:size[0]] * np.float32(a)
                         + (self._rows[:size[1]] * np.float32(b) + np.float32(c))[:, None])
        shown = inverse_depth > self.inverse_depth[roi]
        if not shown.any():
            return
        patch = cv2.warpPerspective(texture, warp, size,
                                    flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        # As words, whose highest byte is alpha: six times faster than every fourth byte.
        shown &= patch.view('<u4')[..., 0] >= _LEAST_SOLID
        mask = shown.view(np.uint8)
        for image, drawn in ((self.colour, patch), (self.inverse_depth, inverse_depth),
                             (self.seen, np.full(size[::-1], index))):
            # In place, and five times faster than numpy's copyto.
            cv2.copyTo(drawn, mask, image[roi])

    def _choose(self, mesh: Mesh, rows: NDArray[np.int64],
                depths: NDArray[np.float64]) -> list[NDArray[np.uint8]]:
        """Return of each texture the level whose texels are about as large as pixels."""
        depths = depths.clip(_NEAREST)
        middle = np.sqrt(depths.min(1) * depths.max(1))
        shrink = mesh.density[rows] * middle / self.camera.matrix[0, 0]
        levels = np.floor(np.log2(shrink.clip(1)) + 0.5).astype(int).tolist()
        return [mesh.textures[row][min(level, len(mesh.textures[row]) - 1)]
                for row, level in zip(rows, levels)]

    def _faces(self, mesh: Mesh) -> NDArray[np.bool_]:
        outward = np.cross(mesh.down, mesh.across)
        return np.einsum('ni,ni->n', outward, self.pose.position - mesh.corners) > 1e-9

    def _corners(self, mesh: Mesh) -> NDArray[np.float64]:
        points = np.stack([mesh.corners, mesh.corners + mesh.across,
                           mesh.corners + mesh.across + mesh.down, mesh.corners + mesh.down], 1)
        return (points - self.pose.position) @ self.pose.rotation.T

    def _inverses(self, corners: NDArray[np.float64], across: NDArray[np.float64],
                  down: NDArray[np.float64]) -> NDArray[np.float64]:
        columns = np.stack([across, down, corners - self.pose.position], axis=2)
        return np.linalg.inv(self.camera.matrix @ self.pose.rotation @ columns)

    def _boxes(self, corners: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return (N, 4): the left, top, right, bottom of each outline, pixels."""
        extents = np.empty((len(corners), 4))
        crossing = corners[..., 2].min(1) < _NEAREST
        pixels = self._project(corners[~crossing])
        extents[~crossing] = np.concatenate([pixels.min(1), pixels.max(1)], axis=1)
        for row in np.flatnonzero(crossing):
            pixels = self._project(_clip_near(corners[row]))
            extents[row] = [*pixels.min(0), *pixels.max(0)]
        extents = extents.clip(-_FAR_OUTSIDE, _FAR_OUTSIDE)
        return np.concatenate([np.floor(extents[:, :2]), np.ceil(extents[:, 2:]) + 1],
                              axis=1).astype(np.int64)

    def _project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        image = points @ self.camera.matrix.T
        return image[..., :2] / image[..., 2:]


def _clip_near(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut a polygon (4, 3) at the near plane; the points that remain, in any order."""
    following = np.roll(corners, -1, axis=0)
    kept = [corner for corner in corners if corner[2] >= _NEAREST]
    for start, end in zip(corners, following):
        if (start[2] < _NEAREST) != (end[2] < _NEAREST):
            kept.append(start + (end - start) * (_NEAREST - start[2]) / (end[2] - start[2]))
    return np.array(kept)


def _translations(offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (N, 3, 3) from pixels of boxes to pixels of the picture; offsets are (N, 2)."""
    matrices = np.tile(np.eye(3), (len(offsets), 1, 1))
    matrices[:, :2, 2] = offsets
    return matrices


def _to_texels(shapes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (N, 3, 3) from shares of a surface to texels; shapes are (N, 2), rows first."""
    matrices = np.tile(np.eye(3), (len(shapes), 1, 1))
    matrices[:, 0, 0], matrices[:, 1, 1] = shapes[:, 1], shapes[:, 0]
    matrices[:, :2, 2] = -0.5
    return matrices
