#pragma once
// Worlds for joust in C++17, as plugins. Derive nothing; write a class like this one, in one
// source:
//
//     #include <joust/world.hpp>
//
//     class Dice {
//      public:
//       static joust::Declaration declare() {
//         joust::Declaration it("dice", "Everybody throws a die.");
//         it.seats(2, 8, 2);
//         it.parameter(joust::Parameter::integer("sides", 6).between(2, 100).about("of the die"));
//         it.competitor("Thrower", "throws");
//         return it;
//       }
//       explicit Dice(const joust::Setup& setup) : sides_(setup.parameters.integer("sides")) {}
//       joust::Result play(const joust::Task& task, joust::Context& context);
//       ...
//     };
//     JOUST_PLUGIN(Dice)
//
// build it as a shared library (CMake: find_package(joust), link joust::world), and name that in a
// spec: `[world] plugin = "./libdice.so"`. One Dice is made and plays one task after another; a
// task is a function of the setup and its seeds. What declare(), the constructor and play() throw
// becomes an error in the spec or a failed attempt: a CompetitorFault is charged to the competitor
// it names.
//
// Not thread-safe: use all of this from the thread that joust calls on. joust/plugin.h, which this
// wraps, says more of units and lifetimes.

#include <joust/plugin.h>
#include <joust/declaration.hpp>
#include <joust/parameters.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust {
inline namespace plugin_abi_1 {

// Thrown by play() when one competitor is to blame: its code threw, or broke the game's rules in a
// way that ends the world. The attempt fails, charged to that competitor.
struct CompetitorFault : std::runtime_error {
  CompetitorFault(std::uint32_t guilty_seat, const std::string& text)
      : std::runtime_error(text), seat(guilty_seat) {}
  std::uint32_t seat;
};

struct Competitor {
  std::string_view name;
  std::string_view type;
  Parameters parameters;
};

// A file that the spec names, as memory.
struct Resource {
  const void* data;
  std::size_t size;
};

// What a world can ask of joust and tell it. Valid during the call that got it.
class Context {
 public:
  explicit Context(const joust_host* host) : host_(host) {}

  // Step `step` of `of` is reached. The first call in a world arms its stall timeout.
  void progress(std::uint64_t step, std::uint64_t of) const { host_->progress(host_, step, of); }
  // The run is being stopped: the world may give up by throwing.
  bool stop_requested() const { return host_->stop_requested(host_) != 0; }
  // From 1. A result must not depend on it.
  std::uint32_t attempt() const { return host_->attempt(host_); }
  // A line for the attempt's log.
  void log(std::string_view line) const { host_->log(host_, line.data(), line.size()); }
  // Valid as long as the world lives. Throws when there is none of that name.
  Resource resource(std::string_view name) const {
    Resource found{};
    if (host_->resource(host_, name.data(), name.size(), &found.data, &found.size) == 0) {
      throw std::runtime_error("there is no resource '" + std::string(name) + "'");
    }
    return found;
  }

 private:
  const joust_host* host_;
};

// What all worlds of a tournament share. A world may keep a copy.
struct Setup {
  std::uint32_t seats;
  Parameters parameters;
  std::vector<Competitor> competitors;
  Context context;  // for log() and resource(), in the constructor only
  // Threads that a world may keep busy while others are played beside it, at least 1. Results must
  // not depend on it.
  std::uint32_t threads = 1;
};

// One world to be played.
struct Task {
  std::uint64_t index;
  std::uint64_t seed;         // of this world
  std::uint64_t config_seed;  // the same for all worlds of a configuration
  std::uint64_t set;
  std::uint32_t config;
  std::uint32_t rotation;
  std::uint32_t run;
  std::vector<std::uint32_t> seats;  // indices into Setup::competitors
};

struct Counter {
  std::string name;
  double value;
};

struct Seat {
  double score;            // NaN: there is none
  std::string agent = {};  // what tables call it; empty: the competitor's name, "@" and the seat
  std::vector<Counter> counters = {};
};

struct Result {
  std::vector<Seat> seats;  // one per seat, in the task's order
  std::vector<Counter> counters = {};
  std::string payload = {};  // anything more that shall be kept
};

namespace detail {

inline Setup setup_of(const joust_setup& from, const joust_host* host) {
  Setup setup{from.seats, {from.parameters, from.parameter_count}, {}, Context(host), 1};
  for (std::size_t i = 0; i < from.competitor_count; ++i) {
    const joust_competitor& each = from.competitors[i];
    setup.competitors.push_back({Parameters::view(each.name),
                                 Parameters::view(each.type),
                                 {each.parameters, each.parameter_count}});
  }
  if (from.struct_size >= offsetof(joust_setup, threads) + sizeof(from.threads)) {
    setup.threads = from.threads;
  }
  return setup;
}

inline Task task_of(const joust_task& from) {
  return {from.index,  from.seed,     from.config_seed, from.set,
          from.config, from.rotation, from.run,         {from.seats, from.seats + from.seat_count}};
}

inline void tell(const Result& result, const joust_host* host) {
  for (std::uint32_t seat = 0; seat < result.seats.size(); ++seat) {
    const Seat& each = result.seats[seat];
    host->score(host, seat, each.score, each.agent.empty() ? nullptr : each.agent.data(),
                each.agent.size());
    for (const Counter& counter : each.counters) {
      host->seat_counter(host, seat, counter.name.data(), counter.name.size(), counter.value);
    }
  }
  for (const Counter& counter : result.counters) {
    host->counter(host, counter.name.data(), counter.name.size(), counter.value);
  }
  if (!result.payload.empty()) {
    host->payload(host, result.payload.data(), result.payload.size());
  }
}

inline void fail(const joust_host* host, std::string_view text, std::uint32_t seat) noexcept {
  host->fail(host, text.data(), text.size(), seat);
}

// Calls `action`, and tells what it throws. False: it threw.
template <class Action>
bool guarded(const joust_host* host, Action action) noexcept {
  try {
    action();
    return true;
  } catch (const CompetitorFault& fault) {
    fail(host, fault.what(), fault.seat);
  } catch (const std::exception& error) {
    fail(host, error.what(), JOUST_NO_SEAT);
  } catch (...) {
    fail(host, "an exception that is not a std::exception", JOUST_NO_SEAT);
  }
  return false;
}

// The C functions of a plugin whose world is a T.
template <class T>
class Plugin {
 public:
  static const joust_plugin* entry() noexcept {
    static const Plugin plugin;
    return &plugin.c_;
  }

 private:
  Plugin() noexcept {
    try {
      declaration_ = std::make_unique<Declaration>(T::declare());
      c_ = declaration_->c_form();
    } catch (const std::exception& error) {
      refuse(error.what());
    } catch (...) {
      refuse("an exception that is not a std::exception");
    }
    c_.create = create;
    c_.play = play;
    c_.destroy = destroy;
  }

  void refuse(const char* text) noexcept {
    c_.abi_version = JOUST_PLUGIN_ABI;
    c_.struct_size = sizeof(joust_plugin);
    try {
      trouble_ = text;
      c_.trouble = trouble_.c_str();
    } catch (...) {
      c_.trouble = "out of memory";
    }
  }

  static void* create(const joust_setup* setup, const joust_host* host) noexcept {
    T* world = nullptr;
    guarded(host, [&] { world = std::make_unique<T>(setup_of(*setup, host)).release(); });
    return world;
  }

  static void play(void* world, const joust_task* task, const joust_host* host) noexcept {
    guarded(host, [&] {
      Context context(host);
      tell(static_cast<T*>(world)->play(task_of(*task), context), host);
    });
  }

  static void destroy(void* world) noexcept { delete static_cast<T*>(world); }

  std::unique_ptr<Declaration> declaration_;
  std::string trouble_;
  joust_plugin c_{};
};

}  // namespace detail
}  // namespace plugin_abi_1
}  // namespace joust

// Makes World the world of this library: once, outside of all namespaces.
#define JOUST_PLUGIN(World)                                                 \
  extern "C" JOUST_PLUGIN_EXPORT const joust_plugin* joust_plugin_entry() { \
    return joust::detail::Plugin<World>::entry();                           \
  }
