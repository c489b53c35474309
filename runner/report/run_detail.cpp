#include "runner/report/run_detail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/result_codec.hpp"
#include "runner/report/event_samples.hpp"
#include "runner/report/failure_evidence.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kScoreBins = 128;
constexpr std::uint64_t kPoints = 40;   // of one competitor, about
constexpr std::size_t kTimeBins = 320;  // of all sessions together, about
constexpr std::size_t kMostBins = 200;  // of one session
constexpr std::size_t kFewestBins = 8;

// From end to end of the scores, but no further than four times the box: one freak score would
// press all others into one bin.
ScoreAxis axis_of(const scoring::Standings& standings) {
  constexpr double kReach = 4;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const scoring::Standing& standing : standings.ranking) {
    const scoring::Summary& s = standing.summary;
    if (s.count == 0) continue;
    const double box = s.q3 - s.q1;
    const bool is_flat = !(box > 0);
    low = std::min(low, is_flat ? s.min : std::max(s.min, s.q1 - kReach * box));
    high = std::max(high, is_flat ? s.max : std::min(s.max, s.q3 + kReach * box));
  }
  if (!(low <= high)) return {};
  if (low < high && std::isfinite(high - low)) return {low, high};
  const double margin = std::max(std::fabs(low) * 1e-3, 0.5);
  return {low - margin, low + margin};
}

class DetailGatherer {
 public:
  DetailGatherer(const Report& report, const Tournament& tournament, const Plan& plan,
                 const std::vector<journal::QuarantineRow>& quarantined)
      : plan_(plan),
        rule_(report.standings.disqualification),
        evidence_(report, tournament, quarantined) {
    const std::size_t competitors = tournament.setup.competitors.size();
    detail_.score_axis = axis_of(report.standings);
    detail_.scores.resize(competitors);
    detail_.trouble.resize(competitors);
    detail_.durations.bins.resize(DurationShape::kBins);
    seen_.resize(competitors);
    for (ScoreShape& shape : detail_.scores) shape.bins.resize(kScoreBins);
    for (const scoring::Standing& standing : report.standings.ranking) {
      detail_.scores[standing.competitor].every =
          std::max<std::uint64_t>(1, (standing.summary.count + kPoints - 1) / kPoints);
    }
    const std::size_t sessions = std::max<std::size_t>(1, report.sessions.size());
    const std::size_t bins = std::clamp(kTimeBins / sessions, kFewestBins, kMostBins) / 2 * 2;
    for (const journal::Session& session : report.sessions) {
      detail_.sessions.emplace_back(session, bins);
    }
  }

  void result(const journal::ResultRow& row) {
    evidence_.has_result(row.task);
    detail_.durations.add(std::chrono::duration<double>(row.played).count());
    SessionTrack* track = session_at(row.at);
    if (track != nullptr) {
      track->played({row.slot, row.task, row.attempt, row.at, row.played, std::nullopt});
    }
    ++(track != nullptr ? detail_.placed : detail_.unplaced);

    const std::optional<WorldResult> decoded = decode_result(row.encoded);
    if (!decoded || row.task >= plan_.worlds()) return;  // the standings have told the user
    if (rule_ && rule_->void_for(row.task)) return;
    plan_.seats(plan_.cell(row.task), seats_);
    const std::size_t seats = std::min(seats_.size(), decoded->seats.size());
    for (std::size_t seat = 0; seat < seats; ++seat) {
      const double score = decoded->seats[seat].score;
      if (std::isfinite(score)) add_score(seats_[seat], score);
    }
  }

  void failure(const journal::FailedAttempt& row) {
    evidence_.add(row);
    if (SessionTrack* track = session_at(row.at)) {
      track->played({row.slot, row.task, row.attempt, row.at, row.played, row.cause});
    }
    detail_.lost_seconds += std::chrono::duration<double>(row.played).count();
    if (row.task >= plan_.worlds()) return;
    plan_.seats(plan_.cell(row.task), seats_);
    for (const std::uint32_t competitor : seats_) ++detail_.trouble[competitor].present;
    if (row.culprit && *row.culprit < detail_.trouble.size()) ++detail_.trouble[*row.culprit].named;
  }

  void sample(const Sample& sample) {
    SessionTrack* track = session_at(sample.at);
    if (track == nullptr) return;
    track->sample(sample);
    ++detail_.samples;
  }

  // Call it after everything that may make a session longer.
  void workers(const std::vector<journal::WorkerStart>& starts,
               const std::vector<journal::WorkerEnd>& ends) {
    std::map<std::pair<SlotIndex, Epoch>, const journal::WorkerEnd*> end_of;
    for (const journal::WorkerEnd& end : ends) {
      end_of[{end.slot, end.epoch}] = &end;
      SessionTrack* track = session_at(end.at);
      if (track == nullptr) continue;
      track->reach(end.at);
      if (end.lost) track->died(end.slot, end.at);
    }
    for (const journal::WorkerStart& start : starts) {
      if (SessionTrack* track = session_at(start.at)) track->reach(start.at);
    }
    for (const journal::WorkerStart& start : starts) {
      SessionTrack* track = session_at(start.at);
      if (track == nullptr) continue;
      const auto end = end_of.find({start.slot, start.epoch});
      track->lived(start.slot, start.at,
                   end != end_of.end() && end->second->at >= start.at
                       ? end->second->at
                       : std::numeric_limits<journal::UnixMillis>::max());
    }
  }

  RunDetail take() {
    evidence_.finish(detail_);
    return std::move(detail_);
  }

 private:
  // The last session that began before that moment; nothing when the moment is not known.
  SessionTrack* session_at(journal::UnixMillis at) {
    std::vector<SessionTrack>& sessions = detail_.sessions;
    if (at <= 0 || sessions.empty()) return nullptr;
    const auto began = [&](std::size_t i) { return sessions[i].session().started <= at; };
    // nearly always the one that was found before
    if (began(session_) && (session_ + 1 == sessions.size() || !began(session_ + 1))) {
      return &sessions[session_];
    }
    session_ = 0;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (began(i)) session_ = i;
    }
    return &sessions[session_];
  }

  void add_score(std::uint32_t competitor, double score) {
    ScoreShape& shape = detail_.scores[competitor];
    const auto [low, high] = detail_.score_axis;
    if (seen_[competitor]++ % shape.every == 0) shape.points.push_back(score);
    if (score < low) {
      ++shape.below;
    } else if (score > high) {
      ++shape.above;
    } else {
      const double place = (score - low) / (high - low) * static_cast<double>(kScoreBins);
      ++shape.bins[std::min(static_cast<std::size_t>(place), kScoreBins - 1)];
    }
  }

  const Plan& plan_;
  const std::optional<Disqualification>& rule_;
  EvidenceCollector evidence_;
  RunDetail detail_;
  std::size_t session_ = 0;
  std::vector<std::uint64_t> seen_;  // scores, by competitor
  std::vector<std::uint32_t> seats_;
};

}  // namespace

double DurationShape::bin_start(std::size_t bin) {
  return kShortest * std::pow(10.0, static_cast<double>(bin) / kPerDecade);
}

void DurationShape::add(double seconds) {
  shortest = worlds == 0 ? seconds : std::min(shortest, seconds);
  longest = std::max(longest, seconds);
  total += seconds;
  ++worlds;
  const double place = seconds > kShortest ? std::log10(seconds / kShortest) * kPerDecade : 0;
  ++bins[static_cast<std::size_t>(std::clamp(place, 0.0, kBins - 1.0))];
}

double DurationShape::quantile(double q) const {
  const double wanted = q * static_cast<double>(worlds);
  double before = 0;
  std::size_t bin = 0;
  while (bin + 1 < bins.size() && before + static_cast<double>(bins[bin]) < wanted) {
    before += static_cast<double>(bins[bin++]);
  }
  const auto inside = static_cast<double>(std::max<std::uint64_t>(1, bins[bin]));
  const double share = std::clamp((wanted - before) / inside, 0.0, 1.0);
  const double value = bin_start(bin) * std::pow(bin_start(1) / kShortest, share);
  return std::clamp(value, shortest, longest);
}

RunDetail gather_detail(const Report& report, const Tournament& tournament, const Plan& plan,
                        const RunRecord& record) {
  DetailGatherer gatherer(report, tournament, plan, record.quarantined());
  record.for_each_result([&](const journal::ResultRow& row) { gatherer.result(row); });
  record.for_each_failed_attempt([&](const journal::FailedAttempt& row) { gatherer.failure(row); });
  for_each_sample(report.dir, [&](const Sample& sample) { gatherer.sample(sample); });
  gatherer.workers(record.worker_starts(), record.worker_ends());
  return gatherer.take();
}

}  // namespace joust::report
