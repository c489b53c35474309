#pragma once
// The time of a run: its sessions one after the other, in proportion to their lengths, with a
// narrow gap where nobody played.

#include <string>
#include <vector>

#include "runner/report/html/svg.hpp"
#include "runner/report/session_track.hpp"

namespace joust::report::html {

class TimeAxis {
 public:
  // The sessions outlive the axis. REQUIRES: there is a session.
  TimeAxis(const std::vector<SessionTrack>& sessions, double from, double to);

  // `offset`: milliseconds from that session's start.
  double x(std::size_t session, std::int64_t offset) const;
  double begin(std::size_t session) const { return starts_[session]; }
  double end(std::size_t session) const { return x(session, sessions_[session].length()); }
  double from() const { return from_; }
  double to() const { return to_; }
  // Milliseconds in which somebody played.
  double active() const { return active_; }

  // Ticks and their names below `bottom`, grid lines from `top`, and what each gap leaves out.
  void draw(Svg& svg, double top, double bottom, int ticks) const;

 private:
  double at_active(double millis) const;
  void draw_gaps(Svg& svg, double top, double bottom) const;

  const std::vector<SessionTrack>& sessions_;
  double from_;
  double to_;
  double gap_ = 0;
  double active_ = 0;
  double per_milli_ = 0;
  std::vector<double> starts_;  // x, by session
};

}  // namespace joust::report::html
