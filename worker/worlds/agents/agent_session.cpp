#include "worker/worlds/agents/agent_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "worker/worlds/agents/messages.hpp"

namespace joust::worlds::agents {
namespace {

// Lines are told apart by " | ", and nothing in it moves the cursor of a terminal.
std::string one_line(std::string_view text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != 0x7F) {
      line += text[i];
    } else if (byte == '\n') {
      line += " |";
      while (i + 1 < text.size() && text[i + 1] == ' ') ++i;
      line += ' ';
    } else {
      line += ' ';
    }
  }
  return line;
}

std::string text_of(const Moment& moment) {
  if (moment.number == 0) return std::string(moment.unit);
  return fmt::format("{} {}", moment.unit, moment.number);
}

}  // namespace

class AgentSession::Clock {
 public:
  explicit Clock(Duration& left) : left_(left), since_(Steady::now()) {}
  ~Clock() { left_ = std::max(Duration::zero(), left_ - Duration(Steady::now() - since_)); }
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

 private:
  using Steady = std::chrono::steady_clock;
  Duration& left_;
  Steady::time_point since_;
};

AgentSession::AgentSession(AgentPool& pool, const Place& place, std::string_view members)
    : pool_(pool),
      place_(place),
      process_(pool.take(place.competitor)),
      left_(pool.competitor(place.competitor).agent.time_budget) {
  begin(fmt::format("{},\"seat\":{}{}", seed_members(place.seed), place.seat, members));
}

AgentSession::~AgentSession() { release(); }

void AgentSession::release() {
  if (process_ == nullptr) return;
  if (process_->end_world()) pool_.keep(place_.competitor, std::move(process_));
  process_.reset();
}

std::string_view AgentSession::ask(std::string_view type, std::string_view members) {
  const Clock clock(left_);
  return process_->call(type, members, left_);
}

void AgentSession::start() {
  const Clock clock(left_);
  process_ = pool_.start(place_.competitor, left_);
}

// Whatever became of a kept process since its last world is no fault of this one. That it answers
// is what decides, and not whether its end is known already: that would be a matter of luck.
void AgentSession::begin(const std::string& members) {
  if (process_ != nullptr) {
    try {
      process_->begin_world(place_.seed);
      begin_answer_ = ask("begin", members);
      return;
    } catch (const AgentFailure& failure) {
      if (failure.process_is_usable) return fail({"begin"}, failure.what());
      process_.reset();
    }
  }
  try {
    start();
    process_->begin_world(place_.seed);
    begin_answer_ = ask("begin", members);
  } catch (const AgentFailure& failure) {
    if (!failure.process_is_usable) process_.reset();
    fail({"begin"}, failure.what());
  }
}

std::optional<std::string_view> AgentSession::call(std::string_view type, std::string_view members,
                                                   Moment moment) {
  if (has_failed()) return std::nullopt;
  try {
    return ask(type, members);
  } catch (const AgentFailure& failure) {
    if (!failure.process_is_usable) process_.reset();
    fail(moment, failure.what());
    return std::nullopt;
  }
}

void AgentSession::break_off(Moment moment, const std::string& text) {
  process_.reset();
  fail(moment, text);
}

void AgentSession::fail(Moment moment, const std::string& text) {
  begin_answer_.clear();
  const std::string reason = fmt::format("{}: {}", text_of(moment), text);
  failure_ = one_line(reason);
  if (pool_.competitor(place_.competitor).agent.on_failure == AgentSetup::OnFailure::void_world) {
    release();  // now: after a constructor that throws comes no destructor
    throw CompetitorFault(place_.seat, reason);
  }
}

}  // namespace joust::worlds::agents
