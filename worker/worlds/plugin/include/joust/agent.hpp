#pragma once
// Agents for joust's worlds scml-oneshot and scml-std, in C++17: all that an author includes.
// Derive a class from joust::Agent, in one source:
//
//     #include <joust/agent.hpp>
//
//     class Haggler : public joust::Agent {
//      public:
//       static joust::AgentType declare() {
//         return joust::AgentType("Haggler", "takes what it needs")
//             .parameter(joust::Parameter::real("patience", 0.5).between(0, 1).about("of a day"));
//       }
//       Haggler(const joust::Parameters& parameters, const joust::Setting&)
//           : patience_(parameters.real("patience")) {}
//       joust::Reply answer(const joust::Desk& desk, const joust::Talk& talk) override;
//       ...
//     };
//     JOUST_AGENTS(Haggler)
//
// build it as a shared library (CMake: find_package(joust), link joust::agent), and name that in a
// spec: `[[competitor]] plugin = "./libhaggler.so"`, `type = "Haggler"`. One Haggler is made for
// each of its seats in each world. What its functions throw fails the attempt at the world, charged
// to its competitor; what its constructor throws where a spec is checked refuses the spec.
//
// What an agent does must depend on its parameters, its setting and what it is told, nothing else:
// take random numbers from a joust::Random of setting.seed, and keep nothing in static variables.
// Days, factories and levels are counted from 0; quantities are units, prices money.
//
// Not thread-safe: use all of this from the thread that joust calls on. References to a Desk, Talks
// or Replies are valid during the call that got them. worker/worlds/scml/AGENTS.md tells the life
// of an agent; joust/agents.h, which this wraps, is the interface itself.

#include <joust/agents.h>
#include <joust/parameters.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust {
inline namespace agents_abi_1 {

using Offer = joust_offer;    // {quantity, day of delivery, unit price}
using Issue = joust_issue;    // {low, high}, both ends included
using Issues = joust_issues;  // quantity, day, unit_price: what an offer may say
using Trade = joust_trade;    // an offer or a contract, as the utility takes it
using Outcome = joust_outcome;
using Talk = joust_talk;  // partner, round, selling, has_offer, offer

inline Trade bought(const Offer& offer) {
  return {offer.quantity, offer.day, static_cast<double>(offer.unit_price), 0, 0};
}
inline Trade sold(const Offer& offer) {
  return {offer.quantity, offer.day, static_cast<double>(offer.unit_price), 1, 0};
}

// What an agent's factory knows, as it stands now.
class Desk {
 public:
  Desk(const joust_desk* desk, const joust_agent_host* host) : desk_(desk), host_(host) {}

  // ---- The whole game
  int factory() const { return desk_->factory; }
  int level() const { return desk_->level; }
  int levels() const { return desk_->levels; }
  int days() const { return desk_->days; }
  int rounds() const { return desk_->rounds; }            // of a negotiation, at most
  int competitors() const { return desk_->competitors; }  // other factories on the level
  bool perishable() const { return desk_->perishable != 0; }
  int lines() const { return desk_->lines; }  // units that it can produce in a day
  double production_cost() const { return desk_->production_cost; }  // of a unit
  bool first_level() const { return level() == 0; }
  bool last_level() const { return level() == levels() - 1; }

  // ---- Today
  int day() const { return desk_->day; }
  int suppliers() const { return desk_->suppliers; }  // partners that negotiate today
  int consumers() const { return desk_->consumers; }
  int raw_supply() const { return desk_->raw_supply; }  // of all factories of the first level
  int final_demand() const { return desk_->final_demand; }
  int exogenous_in() const { return desk_->exogenous_in; }  // units from the outside world
  int exogenous_out() const { return desk_->exogenous_out; }
  double exogenous_in_price() const { return desk_->exogenous_in_price; }  // of all of them
  double exogenous_out_price() const { return desk_->exogenous_out_price; }
  int inventory() const { return desk_->inventory; }         // material of earlier days
  double balance() const { return desk_->balance; }          // when the day began
  double input_price() const { return desk_->input_price; }  // public trading prices
  double output_price() const { return desk_->output_price; }
  // Costs per unit and price: of what is promised and not delivered, and of material not used.
  double shortfall_penalty() const { return desk_->shortfall_penalty; }
  double disposal_cost() const { return desk_->disposal_cost; }  // where it perishes
  double storage_cost() const { return desk_->storage_cost; }    // where it does not
  const Issues& issues(bool selling) const {
    return selling ? desk_->output_issues : desk_->input_issues;
  }

  // ---- Now
  int supplies() const { return desk_->supplies; }  // units agreed on for today
  int sales() const { return desk_->sales; }
  int ahead() const { return desk_->ahead; }  // later days that offers may be for; OneShot: 0
  // The same for any day from today on.
  int supplies_on(int day) const { return agreed_on(day, supplies(), desk_->future_supplies); }
  int sales_on(int day) const { return agreed_on(day, sales(), desk_->future_sales); }

  // Units still to buy (or to sell) today so that what comes in equals what goes out, inventory and
  // exogenous trades included; negative for a surplus. 0 where the outside world does that.
  int needed_supplies() const { return limited(!first_level(), -balance_of_units()); }
  int needed_sales() const { return limited(!last_level(), balance_of_units()); }
  int needed(bool selling) const { return selling ? needed_sales() : needed_supplies(); }

  // Share of a negotiation that has passed in its round, above 0 and below 1.
  double relative_time(int round) const { return (round + 1.0) / (rounds() + 1.0); }

  // What the day is worth with these trades, and with no others but the exogenous ones: what is
  // agreed on already must be among them. The world settles each day with the same function.
  Outcome outcome(const Trade* trades, std::size_t count) const {
    Outcome outcome{};
    outcome.struct_size = sizeof(outcome);
    host_->outcome(host_, desk_, trades, count, &outcome);
    return outcome;
  }
  double utility(const std::vector<Trade>& trades) const {
    return outcome(trades.data(), trades.size()).utility;
  }
  double utility(std::initializer_list<Trade> trades) const {
    return outcome(trades.begin(), trades.size()).utility;
  }

  // For what would be: a copy of c_form(), changed, with its own struct_size, which must outlive
  // the new desk.
  const joust_desk& c_form() const { return *desk_; }
  Desk with(const joust_desk& changed) const { return {&changed, host_}; }

 private:
  int balance_of_units() const {
    return exogenous_in() + inventory() + supplies() - sales() - exogenous_out();
  }
  int limited(bool trades, int units) const {
    if (!trades) return 0;
    return perishable() ? std::min(lines(), units) : units;
  }
  int agreed_on(int day, int today, const std::int32_t* later) const {
    const int in = day - this->day();
    if (in == 0) return today;
    return in > 0 && in <= ahead() ? later[in - 1] : 0;
  }

  const joust_desk* desk_;
  const joust_agent_host* host_;
};

struct Reply : joust_reply {
  static Reply end() { return {{JOUST_END, {}}}; }
  static Reply accept() { return {{JOUST_ACCEPT, {}}}; }
  // One outside the issues ends the negotiation.
  static Reply propose(const Offer& offer) { return {{JOUST_PROPOSE, offer}}; }
};

// The talks that act() is to answer.
class Talks {
 public:
  explicit Talks(const joust_request* request) : request_(request) {}
  std::size_t size() const { return request_->count; }
  const Talk& operator[](std::size_t i) const {
    const auto* first = reinterpret_cast<const char*>(request_->talks);
    return *reinterpret_cast<const Talk*>(first + i * request_->talk_size);
  }

 private:
  const joust_request* request_;
};

// Its answers, each with the number of its talk. What is not written ends its negotiation.
class Replies {
 public:
  explicit Replies(const joust_request* request) : request_(request) {}
  std::size_t size() const { return request_->count; }
  joust_reply& operator[](std::size_t i) {
    auto* first = reinterpret_cast<char*>(request_->replies);
    return *reinterpret_cast<joust_reply*>(first + i * request_->reply_size);
  }

 private:
  const joust_request* request_;
};

// What an agent is born with.
struct Setting {
  std::uint64_t seed;  // of this agent in this world
  int factories;       // of the world: partners are numbered below it
  int lines;
  int rounds;
  int days;  // 0: a spec is checked, and no world is played
};

// One agent plays one factory for one whole game.
class Agent {
 public:
  virtual ~Agent() = default;

  // Whether it answers all its negotiations together, each time that every one of them waits for
  // it, instead of one by one as offers come; asked once.
  virtual bool synchronous() const { return false; }

  // A day begins. Also on days on which nobody negotiates with it.
  virtual void begin_day(const Desk&) {}

  // Answers each talk with the reply of the same number. Of one that is not synchronous it is one
  // talk each time, and overriding answer() is enough.
  virtual void act(const Desk& desk, const Talks& talks, Replies& replies) {
    for (std::size_t i = 0; i < talks.size(); ++i) replies[i] = answer(desk, talks[i]);
  }
  virtual Reply answer(const Desk&, const Talk&) { return Reply::end(); }

  // A negotiation ended in agreement; the desk knows of it already.
  virtual void on_agreement(const Desk&, int /*partner*/, bool /*selling*/, const Offer&) {}
};

// Random numbers that are the same with every compiler (those of <random> are not): SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }  // in [0, 1)
  // From low to high, both included. REQUIRES low <= high.
  int integer(int low, int high) {
    const double count = static_cast<double>(high) - low + 1;
    return static_cast<int>(low + static_cast<std::int64_t>(unit() * count));
  }

 private:
  std::uint64_t state_;
};

// What a type of agents says of itself: see joust worlds LIBRARY.
class AgentType {
 public:
  AgentType(std::string name, std::string summary)
      : name_(std::move(name)), summary_(std::move(summary)) {}
  AgentType&& parameter(Parameter parameter) && {
    parameters_.push_back(std::move(parameter));
    return std::move(*this);
  }

 private:
  template <class... Agents>
  friend class AgentLibrary;

  std::string name_;
  std::string summary_;
  std::vector<Parameter> parameters_;
};

// For JOUST_AGENTS: the C functions of agents of these classes.
template <class... Agents>
class AgentLibrary {
 public:
  static const joust_agents* entry() noexcept {
    static const AgentLibrary library;
    return &library.c_;
  }

 private:
  struct Seat {
    std::unique_ptr<Agent> agent;
    const joust_agent_host* host;
  };

  AgentLibrary() noexcept {
    c_.abi_version = JOUST_AGENTS_ABI;
    c_.struct_size = sizeof(joust_agents);
    c_.type_size = sizeof(joust_agent_type);
    try {
      (add<Agents>(), ...);
      c_.types = types_.data();
      c_.type_count = types_.size();
    } catch (const std::exception& error) {
      refuse(error.what());
    } catch (...) {
      refuse("an exception that is not a std::exception");
    }
  }

  void refuse(const char* text) noexcept {
    try {
      trouble_ = text;
      c_.trouble = trouble_.c_str();
    } catch (...) {
      c_.trouble = "out of memory";
    }
  }

  template <class T>
  void add() {
    const AgentType declared = T::declare();
    const std::vector<joust_parameter>& parameters = texts_.c_list(declared.parameters_);
    types_.push_back({texts_.keep(declared.name_), texts_.keep(declared.summary_),
                      parameters.data(), parameters.size(), create<T>, destroy, synchronous,
                      begin_day, act, on_agreement});
  }

  // Calls `action`, and tells what it throws.
  template <class Action>
  static void guarded(const joust_agent_host* host, Action action) noexcept {
    try {
      action();
    } catch (const std::exception& error) {
      fail(host, error.what());
    } catch (...) {
      fail(host, "an exception that is not a std::exception");
    }
  }
  static void fail(const joust_agent_host* host, std::string_view text) noexcept {
    host->fail(host, text.data(), text.size());
  }

  template <class T>
  static void* create(const joust_agent_setting* from, const joust_agent_host* host) noexcept {
    Seat* seat = nullptr;
    guarded(host, [&] {
      const Parameters parameters(from->parameters, from->parameter_count);
      const Setting setting{from->seed, from->factories, from->lines, from->rounds, from->days};
      seat = std::make_unique<Seat>(Seat{std::make_unique<T>(parameters, setting), host}).release();
    });
    return seat;
  }
  static void destroy(void* seat) noexcept { delete static_cast<Seat*>(seat); }

  static int synchronous(void* of) noexcept {
    const Seat& seat = *static_cast<Seat*>(of);
    int answer = 0;
    guarded(seat.host, [&] { answer = seat.agent->synchronous() ? 1 : 0; });
    return answer;
  }
  static void begin_day(void* of, const joust_desk* desk) noexcept {
    const Seat& seat = *static_cast<Seat*>(of);
    guarded(seat.host, [&] { seat.agent->begin_day(Desk(desk, seat.host)); });
  }
  static void act(void* of, const joust_desk* desk, const joust_request* request) noexcept {
    const Seat& seat = *static_cast<Seat*>(of);
    guarded(seat.host, [&] {
      Replies replies(request);
      seat.agent->act(Desk(desk, seat.host), Talks(request), replies);
    });
  }
  static void on_agreement(void* of, const joust_desk* desk,
                           const joust_agreement* agreement) noexcept {
    const Seat& seat = *static_cast<Seat*>(of);
    guarded(seat.host, [&] {
      seat.agent->on_agreement(Desk(desk, seat.host), agreement->partner, agreement->selling != 0,
                               agreement->terms);
    });
  }

  detail::ParameterTexts texts_;
  std::vector<joust_agent_type> types_;
  std::string trouble_;
  joust_agents c_{};
};

}  // namespace agents_abi_1
}  // namespace joust

// Makes these classes the agents of this library: once, outside of all namespaces.
#define JOUST_AGENTS(...)                                                   \
  extern "C" JOUST_PLUGIN_EXPORT const joust_agents* joust_agents_entry() { \
    return joust::AgentLibrary<__VA_ARGS__>::entry();                       \
  }
