#pragma once
// The messages of SCML agents in processes of their own (worker/worlds/agents/README.md),
// between JSON and what agent.hpp has: members to add to a message, each after a comma, and the
// reverse. What reads a message of joust's own throws an exception of the JSON library where it is
// none.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/worlds/scml/agent.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::scml {

// Without the seed, which every world's `begin` has.
std::string begin_members(const AgentSetting& setting);
AgentSetting read_begin(std::string_view message);

std::string begin_day_members(const Desk& desk);
Desk read_begin_day(std::string_view message);

// Units, as on the desk.
struct Agreed {
  int supplies = 0;
  int sales = 0;
  std::vector<int> future_supplies;
  std::vector<int> future_sales;
};

struct Request {
  Agreed agreed;
  std::vector<Talk> talks;
};
std::string act_members(const Desk& desk, std::span<const Talk> talks);
Request read_act(std::string_view message);

struct Agreement {
  Agreed agreed;
  int partner = 0;
  bool selling = false;
  Offer offer;
};
std::string agreement_members(const Desk& desk, int partner, bool selling, const Offer& offer);
Agreement read_agreement(std::string_view message);

// The answers. These throw agents::BadAnswer. Replies that are not there are left as they are.
std::string replies_members(std::span<const Reply> replies);
void read_replies(std::string_view answer, std::span<Reply> replies);
bool read_synchronous(std::string_view answer);

}  // namespace joust::worlds::scml
