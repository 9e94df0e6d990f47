# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The sequence filter: against a slow dense oracle, and on planted drives."""

from concurrent.futures import ThreadPoolExecutor
import math
import statistics

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.matching.sequence_filter import SequenceFilter
from structvpr_ros.matching.sequence_options import SequenceOptions
from structvpr_ros.place_map.frame import Frame


def make_frames(count, located=True):
    return [Frame(row, f'{row}', '', float(row) if located else None, 0.0 if located else None,
                  None, None, '') for row in range(count)]


FRAMES = make_frames(200)


def ranked(scores, frames=FRAMES):
    """Rank places by their scores, as the search does."""
    order = sorted(range(len(scores)), key=lambda row: (-scores[row], row))
    return [Candidate(frames[row].place, float(scores[row]), frames[row]) for row in order]


def view(place, rng, likes=(), count=200):
    """Score the places for an image of one of them, which some others look like as well."""
    scores = rng.normal(0.3, 0.03, count)
    for peak, height in ((place, 0.5), *likes):
        scores += height * np.exp(-0.5 * ((np.arange(count) - peak) / 1.5) ** 2)
    return scores


def drive(sequence, views, step=1.0, start=0.0, odometry=True):
    """Give the best candidate after each image, one second and one step apart."""
    return [sequence.update(ranked(scores), start + number,
                            start + step * number if odometry else None).candidates[0]
            for number, scores in enumerate(views)]


def row(candidate):
    return int(candidate.place)


class Oracle:
    """The same filter with dense matrices, on a line of places 1 m apart."""

    def __init__(self, count, options):
        self.count, self.options = count, options
        # Of a robot that travels along the line, and of one that travels back.
        self.mass, self.lost = np.zeros((2, count)), 1.0
        self.least = self.most = 0.0
        self.last, self.spreads = None, []

    def update(self, scores, stamp, odometer):
        news = 1.0
        if self.last is not None:
            elapsed = stamp - self.last[0]
            step = odometer - self.last[1] if None not in (odometer, self.last[1]) else None
            reach = self.options.max_speed * elapsed if step is None else step
            self.least += step or 0.0
            self.most += reach
            news = min(reach / 0.5 + 0.2 * elapsed, 1.0)
            if self.most >= 0.5:
                self.move()
            self.mass *= 1 - self.options.kidnapped * news
            self.lost = 1 - self.mass.sum()
        self.last = stamp, odometer
        self.observe(scores, news)

    def move(self):
        deviation = math.hypot(self.options.odometry_noise * self.least, 0.5)
        matrix = np.zeros((self.count, self.count))
        for source, target in np.ndindex(self.count, self.count):
            ahead = target - source
            beside = max(self.least - ahead, ahead - self.most, 0.0)
            if abs(ahead) <= self.most + 3 * deviation:
                matrix[source, target] = math.exp(-0.5 * (beside / deviation) ** 2)
        matrix /= np.maximum(matrix.sum(1, keepdims=True), math.exp(-2))
        along, back = self.mass[0] @ matrix, self.mass[1] @ matrix[::-1, ::-1]
        self.mass = np.array([0.9 * along + 0.1 * back, 0.9 * back + 0.1 * along])
        self.least = self.most = 0.0

    def observe(self, scores, news):
        self.spreads.append(max(scores) - min(scores))
        scale = max(self.spreads[-1], statistics.median(self.spreads)) or 1.0
        likelihood = np.array([self.options.contrast ** (news * (score - min(scores)) / scale)
                               for score in scores])
        uniform = self.lost / (2 * self.count)
        joint = likelihood * (self.mass + uniform)
        self.mass = (joint - uniform) / joint.sum()
        self.lost = 1 - self.mass.sum()

    @property
    def posterior(self):
        return (self.mass.sum(0) + self.lost / self.count).tolist()


images = st.tuples(st.lists(st.integers(-10, 10), min_size=9, max_size=9),
                   st.floats(0, 3), st.one_of(st.none(), st.floats(0, 5)))


@settings(max_examples=60)
@given(st.lists(images, min_size=1, max_size=6), st.floats(0.001, 0.5), st.floats(1.5, 100))
def test_the_posterior_is_that_of_dense_matrices(sequence, kidnapped, contrast):
    options = SequenceOptions(kidnapped=kidnapped, contrast=contrast, tolerance=0.0)
    frames = make_frames(9)
    tested, oracle = SequenceFilter(frames, options), Oracle(9, options)
    stamp = odometer = 0.0
    for scores, wait, step in sequence:
        scores = [score / 10 for score in scores]
        stamp, odometer = stamp + wait, odometer + (step or 0.0)
        reading = None if step is None else odometer
        found = tested.update(ranked(scores, frames), stamp, reading, count=9)
        oracle.update(scores, stamp, reading)
        posterior = {candidate.place: candidate.score for candidate in found.candidates}
        assert sum(posterior.values()) == pytest.approx(1)
        # What is too little to be followed may be dropped by one and not yet by the other.
        assert [posterior[f'{place}'] for place in range(9)] == pytest.approx(
            oracle.posterior, abs=0.01)


@pytest.mark.parametrize('odometry', [True, False])
def test_look_alike_corridors_do_not_make_it_jump(odometry):
    # Place p and place p + 100 look alike; which of them scores higher is noise.
    rng = np.random.default_rng(0)
    alone = [view(place, rng) for place in range(20, 40)]
    aliased = [view(place, rng, [(place + 100, 0.5 + rng.normal(0, 0.05))])
               for place in range(40, 80)]
    single = [int(np.argmax(scores)) for scores in aliased]
    assert sum(abs(best - place) > 50 for best, place in zip(single, range(40, 80))) > 10
    found = drive(SequenceFilter(FRAMES), alone + aliased, odometry=odometry)
    for best, place in zip(found[5:], range(25, 80)):
        assert abs(row(best) - place) <= 2 and best.score > 0.9


def test_it_does_not_claim_to_know_which_of_two_corridors_it_woke_up_in():
    rng = np.random.default_rng(1)
    sequence = SequenceFilter(FRAMES)
    for number in range(8):
        place = 40 + number
        found = sequence.update(ranked(view(place, rng, [(place + 100, 0.5)])), number, number)
    first, second = found.candidates[:2]
    assert {round(row(first) / 100), round(row(second) / 100)} == {0, 1}
    assert first.score + second.score > 0.9 and second.score > 0.02


@pytest.mark.parametrize('odometry', [True, False])
@pytest.mark.parametrize('seed', range(4))
def test_a_kidnapped_robot_of_200_places_recovers_within_8_images(seed, odometry):
    rng = np.random.default_rng(seed)
    sequence = SequenceFilter(FRAMES)
    before = [view(place, rng) for place in range(10, 40)]
    after = [view(place, rng) for place in range(150, 158)]
    found = drive(sequence, before + after, odometry=odometry)
    assert abs(row(found[29]) - 39) <= 2 and found[29].score > 0.9
    assert abs(row(found[37]) - 157) <= 2 and found[37].score > 0.9


def test_a_robot_that_is_carried_off_and_stands_there_is_found_too():
    rng = np.random.default_rng(5)
    sequence = SequenceFilter(FRAMES)
    drive(sequence, [view(place, rng) for place in range(10, 40)])
    for stamp in np.arange(30, 75, 0.5):
        found = sequence.update(ranked(view(150, rng)), stamp, 29.0)
    assert abs(row(found.candidates[0]) - 150) <= 2 and found.candidates[0].score > 0.9


@pytest.mark.parametrize('wrong', range(100, 200, 9))
def test_a_single_wrong_image_changes_nothing(wrong):
    rng = np.random.default_rng(wrong)
    places = [*range(10, 30), wrong, *range(31, 36)]
    found = drive(SequenceFilter(FRAMES), [view(place, rng) for place in places])
    for best, place in zip(found[19:], range(29, 36)):
        assert abs(row(best) - place) <= 3 and best.score > 0.5


def test_images_of_nothing_say_nothing():
    rng = np.random.default_rng(3)
    sequence = SequenceFilter(FRAMES)
    drive(sequence, [view(place, rng) for place in range(10, 30)])
    for number in range(20, 23):
        flat = rng.normal(0.3, 0.003, 200)
        found = sequence.update(ranked(flat), number, number)
        assert abs(row(found.candidates[0]) - (10 + number)) <= 2
        assert found.candidates[0].score > 0.7


@pytest.mark.parametrize('odometry', [True, False])
@pytest.mark.parametrize('way', [1, -1])
def test_of_poor_images_it_makes_good_answers(odometry, way):
    # Half of the images do not look like their place, and all look like four others.
    rng = np.random.default_rng(13)
    places = range(20, 180)[::way]
    views = [view(place if rng.random() < 0.5 else -99, rng,
                  [(other, rng.uniform(0.3, 0.55)) for other in rng.integers(0, 200, 4)])
             for place in places]
    single = np.abs([np.argmax(scores) for scores in views] - np.array(places)) <= 5
    found = drive(SequenceFilter(FRAMES), views, odometry=odometry)
    right = [abs(row(best) - place) <= 5 for best, place in zip(found, places)]
    assert np.mean(single) < 0.45 and np.mean(right[10:]) > 0.95


def test_standing_still_it_stays_and_does_not_grow_sure_of_a_look_alike():
    rng = np.random.default_rng(4)
    sequence = SequenceFilter(FRAMES)
    drive(sequence, [view(place, rng) for place in range(10, 40)])
    # The same wrong lead of the look-alike in every image.
    scores = view(39, rng, [(140, 0.52)])
    assert int(np.argmax(scores)) in (139, 140, 141)
    for number in range(600):
        found = sequence.update(ranked(scores), 30 + number / 30, 29.0)
        assert abs(row(found.candidates[0]) - 39) <= 2 and found.candidates[0].score > 0.5


def test_the_same_image_twice_counts_once():
    rng = np.random.default_rng(12)
    sequence = SequenceFilter(FRAMES)
    scores = ranked(view(50, rng))
    assert sequence.update(scores, 1.0, 0.0) == sequence.update(scores, 1.0, 0.0)


def test_a_creeping_robot_is_followed():
    rng = np.random.default_rng(6)
    sequence = SequenceFilter(FRAMES)
    places = 20 + 0.1 * np.arange(200)
    for number, place in enumerate(places):
        found = sequence.update(ranked(view(place, rng)), 0.1 * number, 0.1 * number)
        if number > 40:
            assert abs(row(found.candidates[0]) - place) <= 2
            assert found.candidates[0].score > 0.9


def test_a_map_without_positions_goes_by_rows():
    rng = np.random.default_rng(7)
    frames = make_frames(200, located=False)
    sequence = SequenceFilter(frames, SequenceOptions(row_spacing=2.0))
    for number in range(20):
        found = sequence.update(ranked(view(50 + number, rng), frames), number, 2.0 * number)
    assert abs(row(found.candidates[0]) - 69) <= 2 and found.candidates[0].score > 0.9


@pytest.mark.parametrize(('stamp', 'odometer'), [
    (18.9, 19.0), (30.1, 19.5), (20.0, 18.0), (20.0, 500.0), (18.9, None), (1e9, None)])
def test_what_cannot_follow_the_last_image_starts_anew(stamp, odometer):
    rng = np.random.default_rng(8)
    sequence = SequenceFilter(FRAMES)
    drive(sequence, [view(place, rng) for place in range(10, 30)])
    scores = ranked(view(30, rng))
    assert sequence.update(scores, stamp, odometer) \
        == SequenceFilter(FRAMES).update(scores, 0.0, None)


def test_after_a_reset_it_is_as_new_and_equal_input_gives_equal_answers():
    rng = np.random.default_rng(9)
    views = [view(place, rng) for place in range(10, 30)]
    sequence = SequenceFilter(FRAMES)
    first = drive(sequence, views)
    sequence.reset()
    assert drive(sequence, views) == first == drive(SequenceFilter(FRAMES), views)


@pytest.mark.parametrize(('stamp', 'odometer', 'named'), [
    (math.nan, None, 'stamp'), (math.inf, 0.0, 'stamp'), (0.0, math.nan, 'odometer')])
def test_what_is_no_number_is_refused_and_harms_nothing(stamp, odometer, named):
    rng = np.random.default_rng(10)
    views = [view(place, rng) for place in range(10, 20)]
    sequence = SequenceFilter(FRAMES)
    expected = drive(SequenceFilter(FRAMES), views)
    drive(sequence, views[:-1])
    with pytest.raises(ConfigurationError, match=f'expected a finite {named}'):
        sequence.update(ranked(views[0]), stamp, odometer)
    assert drive(sequence, views[-1:], start=9.0) == expected[-1:]


def test_a_map_of_one_place():
    frames = make_frames(1)
    sequence = SequenceFilter(frames)
    for stamp in range(3):
        found = sequence.update(ranked([0.4], frames), stamp)
        assert found.candidates == found.support == (Candidate('0', 1.0, frames[0]),)


def test_reset_from_another_thread_leaves_a_whole_state():
    rng = np.random.default_rng(11)
    sequence = SequenceFilter(FRAMES)
    views = [view(place, rng) for place in range(10, 40)]
    with ThreadPoolExecutor(1) as pool:
        resets = [pool.submit(sequence.reset) for _ in range(200)]
        for best in drive(sequence, views):
            assert 0 < best.score <= 1
        for reset in resets:
            reset.result()


def test_more_places_than_are_followed():
    # Every place is seen again and again, by turns: all have mass, the likeliest are kept.
    count = 6000
    frames = make_frames(count)
    sequence = SequenceFilter(frames, SequenceOptions(kidnapped=0.5, max_speed=15.0))
    for stamp in range(70):
        rows = [(100 * stamp + offset) % count for offset in range(100)]
        seen = [Candidate(f'{place}', 0.9 - 0.001 * place / count, frames[place])
                for place in rows]
        found = sequence.update(seen, float(stamp))
        assert sum(candidate.score for candidate in found.candidates) <= 1 + 1e-9


@given(st.lists(st.floats(0.0, 4.6), min_size=2, max_size=20))
def test_evidence_of_geometry_multiplies_the_odds_as_bayes_has_it(evidence):
    frames = make_frames(len(evidence))
    sequence = SequenceFilter(frames, SequenceOptions(tolerance=0.0))
    # Places that are all alike: the prior is even, and only geometry tells them apart.
    found = sequence.update(ranked([0.5] * len(evidence), frames), 0.0, count=len(evidence),
                            evidence={str(row): value for row, value in enumerate(evidence)})
    told = {row(candidate): candidate.score for candidate in found.candidates}
    total = sum(map(math.exp, evidence))
    assert [told[place] for place in range(len(evidence))] == pytest.approx(
        [math.exp(value) / total for value in evidence], rel=0.01)


def test_geometry_finds_a_robot_among_look_alikes():
    random = np.random.default_rng(4)
    views = [view(50 + step, random, likes=[(150 + step, 0.5)]) for step in range(6)]
    plain, verified = SequenceFilter(FRAMES), SequenceFilter(FRAMES)
    for step, scores in enumerate(views):
        alone = plain.update(ranked(scores), step, float(step))
        told = verified.update(ranked(scores), step, float(step), evidence={str(50 + step): 3.0})
    assert row(told.candidates[0]) in range(50, 60)
    assert told.candidates[0].score > 0.95 > alone.candidates[0].score
