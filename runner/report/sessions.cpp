#include "runner/report/sessions.hpp"

#include <algorithm>

namespace joust::report {

double SessionSummary::seconds() const {
  const journal::UnixMillis end = ended.value_or(seen_at);
  return static_cast<double>(std::max(end - started, journal::UnixMillis{0})) / 1000;
}

std::optional<double> SessionSummary::worlds_per_second() const {
  const double time = seconds();
  if (worlds == 0 || time <= 0) return std::nullopt;
  return static_cast<double>(worlds) / time;
}

SessionClock::SessionClock(const std::vector<journal::Session>& sessions) {
  for (const journal::Session& session : sessions) {
    SessionSummary summary;
    static_cast<journal::Session&>(summary) = session;
    summary.seen_at = session.started;
    sessions_.push_back(std::move(summary));
  }
}

std::optional<std::size_t> SessionClock::session_at(journal::UnixMillis at) const {
  const auto after = std::upper_bound(sessions_.begin(), sessions_.end(), at,
                                      [](journal::UnixMillis time, const SessionSummary& session) {
                                        return time < session.started;
                                      });
  if (after == sessions_.begin()) return std::nullopt;
  return static_cast<std::size_t>(after - sessions_.begin()) - 1;
}

void SessionClock::note(journal::UnixMillis at, std::uint64_t worlds) {
  const auto index = session_at(at);
  if (at == 0 || !index) return;  // an older journal does not date its results
  SessionSummary& session = sessions_[*index];
  session.seen_at = std::max(session.seen_at, at);
  session.worlds += worlds;
}

}  // namespace joust::report
