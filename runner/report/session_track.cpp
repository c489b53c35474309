#include "runner/report/session_track.hpp"

#include <algorithm>

namespace joust::report {
namespace {

// A damaged row may hold any moment: ten years are longer than any session.
constexpr std::int64_t kLongest = std::int64_t{10} * 366 * 24 * 3600 * 1000;

void merge(AttemptMark& into, const AttemptMark& from) {
  if (into.attempts == 0) {
    into = from;
    return;
  }
  into.attempts += from.attempts;
  into.tasks.merge(from.tasks);
}

void add(AttemptMark& mark, const PlayedAttempt& attempt) {
  AttemptMark one{1, {}, attempt.attempt, attempt.cause};
  one.tasks.add(attempt.task);
  merge(mark, one);
}

void merge(SlotBin& into, const SlotBin& from, std::uint64_t shared) {
  into.busy += from.busy;
  into.alive += from.alive;
  into.deaths += from.deaths;
  into.tasks.merge(from.tasks, shared);
  merge(into.failed, from.failed);
  merge(into.retried, from.retried);
}

void merge_later(MomentBin& into, const MomentBin& from) {
  into.accepted += from.accepted;
  into.sampled_done += from.sampled_done;
  into.rss = std::max(into.rss, from.rss);
  if (from.samples > 0) {
    into.available = into.samples > 0 ? std::min(into.available, from.available) : from.available;
  }
  into.samples += from.samples;
  into.load_sum += from.load_sum;
}

template <class Bin>
void halve_bins(std::vector<Bin>& bins) {
  for (std::size_t i = 0; i < bins.size(); ++i) {
    Bin merged;
    if (2 * i + 1 < bins.size()) {
      merged = bins[2 * i];
      merge_later(merged, bins[2 * i + 1]);
    }
    bins[i] = merged;
  }
}

}  // namespace

void merge_beside(SlotBin& into, const SlotBin& from) {
  merge(into, from, 0);
  into.going_on += from.going_on;
}

void merge_later(SlotBin& into, const SlotBin& from) {
  merge(into, from, into.going_on);
  into.going_on = from.going_on;
}

SessionTrack::SessionTrack(const journal::Session& session, std::size_t bins)
    : session_(session), moments_(bins) {
  if (session.ended) reach(*session.ended);
}

std::int64_t SessionTrack::offset(journal::UnixMillis at) const {
  if (at <= session_.started) return 0;
  const std::uint64_t passed =
      static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(session_.started);
  return static_cast<std::int64_t>(std::min<std::uint64_t>(passed, kLongest));
}

std::int64_t SessionTrack::begin_of(const PlayedAttempt& attempt) const {
  const std::int64_t end = offset(attempt.at);
  const double millis = std::chrono::duration<double, std::milli>(attempt.played).count();
  return end - static_cast<std::int64_t>(std::clamp(millis, 0.0, static_cast<double>(end)));
}

void SessionTrack::reach_offset(std::int64_t offset) {
  length_ = std::max(length_, offset + 1);
  while (offset >= width_ * static_cast<std::int64_t>(moments_.size())) halve();
}

void SessionTrack::halve() {
  halve_bins(moments_);
  for (auto& [slot, bins] : slots_) halve_bins(bins);
  width_ *= 2;
}

std::vector<SlotBin>& SessionTrack::slot_bins(SlotIndex slot) {
  std::vector<SlotBin>& bins = slots_[slot];
  bins.resize(moments_.size());
  return bins;
}

SlotBin& SessionTrack::slot_bin(SlotIndex slot, std::int64_t offset) {
  return slot_bins(slot)[static_cast<std::size_t>(offset / width_)];
}

template <class Visit>
void SessionTrack::for_each_part(SlotIndex slot, std::int64_t from, std::int64_t to,
                                 const Visit& visit) {
  std::vector<SlotBin>& bins = slot_bins(slot);
  for (std::int64_t bin = from / width_; bin * width_ < to; ++bin) {
    const std::int64_t begin = std::max(from, bin * width_);
    const std::int64_t end = std::min(to, (bin + 1) * width_);
    visit(bins[static_cast<std::size_t>(bin)], static_cast<double>(end - begin), end < to);
  }
}

void SessionTrack::fill(const PlayedAttempt& attempt, std::int64_t end) {
  // worlds shorter than a millisecond add up as well
  const double millis = std::chrono::duration<double, std::milli>(attempt.played).count();
  const std::int64_t begin = begin_of(attempt);
  if (millis < static_cast<double>(width_) || begin == end) {
    SlotBin& bin = slot_bin(attempt.slot, end);
    bin.busy += std::clamp(millis, 0.0, static_cast<double>(width_));
    bin.tasks.add(attempt.task);
    return;
  }
  for_each_part(attempt.slot, begin, end, [&](SlotBin& bin, double time, bool goes_on) {
    bin.busy += time;
    bin.tasks.add(attempt.task);
    bin.going_on += goes_on ? 1 : 0;
  });
}

void SessionTrack::keep(const PlayedAttempt& attempt) {
  if (attempts_.size() < kAttemptsKept) {
    attempts_.push_back(attempt);
  } else {
    too_many_ = true;
  }
}

void SessionTrack::played(const PlayedAttempt& attempt) {
  const std::int64_t end = offset(attempt.at);
  reach_offset(end);
  fill(attempt, end);
  keep(attempt);
  if (attempt.cause) {
    add(slot_bin(attempt.slot, end).failed, attempt);
  } else {
    ++moments_[static_cast<std::size_t>(end / width_)].accepted;
  }
  if (attempt.attempt > 1) {
    add(slot_bin(attempt.slot, begin_of(attempt)).retried, attempt);
  }
}

void SessionTrack::died(SlotIndex slot, journal::UnixMillis at) {
  const std::int64_t moment = offset(at);
  reach_offset(moment);
  ++slot_bin(slot, moment).deaths;
}

void SessionTrack::sample(const Sample& sample) {
  const std::int64_t moment = offset(sample.at);
  reach_offset(moment);
  MomentBin one;
  one.samples = 1;
  one.rss = sample.rss;
  one.available = sample.available;
  one.load_sum = sample.load;
  if (sampled_ && sample.done > last_done_) one.sampled_done = sample.done - last_done_;
  last_done_ = sample.done;
  sampled_ = true;
  merge_later(moments_[static_cast<std::size_t>(moment / width_)], one);
}

void SessionTrack::lived(SlotIndex slot, journal::UnixMillis from, journal::UnixMillis to) {
  for_each_part(slot, std::min(offset(from), length_), std::min(offset(to), length_),
                [](SlotBin& bin, double time, bool) { bin.alive += time; });
}

std::size_t SessionTrack::bins_used() const {
  return static_cast<std::size_t>((length_ - 1) / width_) + 1;
}

MomentBin SessionTrack::moment(std::size_t begin, std::size_t end) const {
  MomentBin sum;
  for (std::size_t bin = begin; bin < std::min(end, moments_.size()); ++bin) {
    merge_later(sum, moments_[bin]);
  }
  return sum;
}

std::int64_t SessionTrack::bin_length(std::size_t bin) const {
  const std::int64_t begin = static_cast<std::int64_t>(bin) * width_;
  return std::clamp<std::int64_t>(length_ - begin, 0, width_);
}

}  // namespace joust::report
