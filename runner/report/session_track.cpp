#include "runner/report/session_track.hpp"

#include <algorithm>

namespace joust::report {
namespace {

// A damaged row may hold any moment: ten years are longer than any session.
constexpr std::int64_t kLongest = std::int64_t{10} * 366 * 24 * 3600 * 1000;

void merge(SlotBin& into, const SlotBin& from) {
  into.busy += from.busy;
  into.alive += from.alive;
  into.deaths += from.deaths;
  into.failures += from.failures;
}

void merge(MomentBin& into, const MomentBin& from) {
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
      merge(merged, bins[2 * i + 1]);
    }
    bins[i] = merged;
  }
}

}  // namespace

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

void SessionTrack::spread(SlotIndex slot, std::int64_t from, std::int64_t to,
                          double SlotBin::*field) {
  std::vector<SlotBin>& bins = slot_bins(slot);
  for (std::int64_t bin = from / width_; bin * width_ < to; ++bin) {
    const std::int64_t begin = std::max(from, bin * width_);
    const std::int64_t end = std::min(to, (bin + 1) * width_);
    bins[static_cast<std::size_t>(bin)].*field += static_cast<double>(end - begin);
  }
}

void SessionTrack::played(SlotIndex slot, std::int64_t end, Duration played) {
  // worlds shorter than a millisecond add up as well
  const double millis = std::chrono::duration<double, std::milli>(played).count();
  if (millis < static_cast<double>(width_)) {
    slot_bins(slot)[static_cast<std::size_t>(end / width_)].busy += std::max(millis, 0.0);
    return;
  }
  const auto whole = static_cast<std::int64_t>(std::min(millis, static_cast<double>(end)));
  spread(slot, end - whole, end, &SlotBin::busy);
}

void SessionTrack::accepted(SlotIndex slot, journal::UnixMillis at, Duration time) {
  const std::int64_t moment = offset(at);
  reach_offset(moment);
  ++moments_[static_cast<std::size_t>(moment / width_)].accepted;
  played(slot, moment, time);
}

void SessionTrack::failed(SlotIndex slot, journal::UnixMillis at, Duration time) {
  const std::int64_t moment = offset(at);
  reach_offset(moment);
  ++slot_bins(slot)[static_cast<std::size_t>(moment / width_)].failures;
  played(slot, moment, time);
}

void SessionTrack::died(SlotIndex slot, journal::UnixMillis at) {
  const std::int64_t moment = offset(at);
  reach_offset(moment);
  ++slot_bins(slot)[static_cast<std::size_t>(moment / width_)].deaths;
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
  merge(moments_[static_cast<std::size_t>(moment / width_)], one);
}

void SessionTrack::lived(SlotIndex slot, journal::UnixMillis from, journal::UnixMillis to) {
  spread(slot, std::min(offset(from), length_), std::min(offset(to), length_), &SlotBin::alive);
}

std::size_t SessionTrack::bins_used() const {
  return static_cast<std::size_t>((length_ - 1) / width_) + 1;
}

MomentBin SessionTrack::moment(std::size_t begin, std::size_t end) const {
  MomentBin sum;
  for (std::size_t bin = begin; bin < std::min(end, moments_.size()); ++bin) {
    merge(sum, moments_[bin]);
  }
  return sum;
}

std::int64_t SessionTrack::bin_length(std::size_t bin) const {
  const std::int64_t begin = static_cast<std::int64_t>(bin) * width_;
  return std::clamp<std::int64_t>(length_ - begin, 0, width_);
}

}  // namespace joust::report
