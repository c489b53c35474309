#include "tests/support/memory_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <unordered_set>

namespace joust::test {

using Kind = ModelOperation::Kind;

ModelOperation& ModelProgram::add(Kind kind) {
  operations_.emplace_back().kind = kind;
  return operations_.back();
}

ModelProgram& ModelProgram::label(const std::string& name) {
  labels_[name] = operations_.size();
  return *this;
}
ModelProgram& ModelProgram::store(std::size_t word, ModelValue value, StoreOrder order) {
  ModelOperation& operation = add(Kind::store);
  operation.where = word;
  operation.value = std::move(value);
  operation.order = order;
  return *this;
}
ModelProgram& ModelProgram::fence() {
  add(Kind::fence);
  return *this;
}
ModelProgram& ModelProgram::load(std::size_t word, std::size_t into) {
  ModelOperation& operation = add(Kind::load);
  operation.where = word;
  operation.to = into;
  return *this;
}
ModelProgram& ModelProgram::ring(std::size_t bell) {
  add(Kind::ring).where = bell;
  return *this;
}
ModelProgram& ModelProgram::wait(std::size_t bell, bool also_death) {
  ModelOperation& operation = add(Kind::wait);
  operation.where = bell;
  operation.also_death = also_death;
  return *this;
}
ModelProgram& ModelProgram::branch(ModelCondition condition, const std::string& target) {
  ModelOperation& operation = add(Kind::branch);
  operation.condition = std::move(condition);
  operation.target = target;
  return *this;
}
ModelProgram& ModelProgram::branch_if_dead(const std::string& target) {
  add(Kind::branch_if_dead).target = target;
  return *this;
}
ModelProgram& ModelProgram::jump(const std::string& target) {
  return branch([](const ModelRegisters&) { return true; }, target);
}
ModelProgram& ModelProgram::set(std::size_t into, ModelValue value) {
  ModelOperation& operation = add(Kind::set);
  operation.where = into;
  operation.value = std::move(value);
  return *this;
}
ModelProgram& ModelProgram::check(ModelCondition condition, const std::string& promise) {
  ModelOperation& operation = add(Kind::check);
  operation.condition = std::move(condition);
  operation.target = promise;
  return *this;
}
ModelProgram& ModelProgram::end() {
  add(Kind::end);
  return *this;
}

namespace {

constexpr std::size_t kWords = 16;
constexpr std::size_t kBells = 2;
constexpr std::size_t kMostBuffered = 8;

struct BufferedStore {
  std::uint8_t word;
  std::uint8_t value;
  std::uint8_t is_release;
};

// Plain bytes without padding: states are compared as such.
struct Thread {
  ModelRegisters registers{};
  std::uint8_t place = 0;
  std::uint8_t buffered = 0;
  std::array<BufferedStore, kMostBuffered> buffer{};
};
struct State {
  std::array<std::uint8_t, kWords> memory{};
  std::array<std::uint8_t, kBells> rung{};
  std::uint8_t second_is_dead = 0;
  std::array<Thread, 2> threads{};
};
static_assert(std::has_unique_object_representations_v<State>);

struct Broken {
  std::string promise;
};

class Explorer {
 public:
  Explorer(const ModelProgram& first, const ModelProgram& second, StoreModel model, bool may_die)
      : programs_{&first, &second}, model_(model), may_die_(may_die) {}

  ModelOutcome run() {
    State start;
    try {
      for (std::size_t who = 0; who < 2; ++who) run_local(start, who);
      visit(start, 0, "start");
      for (std::size_t next = 0; next < nodes_.size(); ++next) expand(next);
    } catch (const Broken& broken) {
      return {nodes_.size(), broken.promise};
    }
    return {nodes_.size(), ""};
  }

 private:
  struct Node {
    State state;
    std::size_t parent;
    std::string step;
  };

  const ModelOperation& operation(const State& state, std::size_t who) const {
    return programs_[who]->operations().at(state.threads[who].place);
  }

  void visit(const State& state, std::size_t parent, std::string step) {
    const std::string bytes(reinterpret_cast<const char*>(&state), sizeof state);
    if (seen_.insert(bytes).second) nodes_.push_back({state, parent, std::move(step)});
  }

  [[noreturn]] void fail(std::size_t node, const std::string& what) const {
    std::string way;
    for (std::size_t at = node; at != 0; at = nodes_[at].parent) {
      way.insert(0, "\n  " + nodes_[at].step);
    }
    throw Broken{what + ", after:" + way};
  }

  void expand(std::size_t node) {
    const State state = nodes_[node].state;  // a copy: nodes_ grows
    bool moved = false;
    for (std::size_t who = 0; who < 2; ++who) {
      if (who == 1 && state.second_is_dead != 0) continue;
      moved |= step(node, state, who);
      moved |= let_stores_out(node, state, who);
    }
    if (may_die_ && state.second_is_dead == 0 && operation(state, 1).kind != Kind::end) {
      State next = state;
      while (next.threads[1].buffered > 0) drain(next, 1, 0);
      next.second_is_dead = 1;
      visit(next, node, "the second dies");
      moved = true;
    }
    if (!moved && !is_over(state)) fail(node, "nobody can go on: a wake-up was lost");
  }

  bool is_over(const State& state) const {
    return operation(state, 0).kind == Kind::end &&
           (state.second_is_dead != 0 || operation(state, 1).kind == Kind::end);
  }

  // Each store that may reach the memory next, one at a time.
  bool let_stores_out(std::size_t node, const State& state, std::size_t who) {
    const Thread& thread = state.threads[who];
    for (std::size_t i = 0; i < thread.buffered; ++i) {
      if (!may_leave(thread, i)) continue;
      State next = state;
      drain(next, who, i);
      visit(next, node, fmt::format("{}: word {} reaches the memory", who, thread.buffer[i].word));
    }
    return thread.buffered > 0;
  }

  bool may_leave(const Thread& thread, std::size_t i) const {
    if (i == 0) return true;
    if (model_ == StoreModel::total_store_order || thread.buffer[i].is_release != 0) return false;
    return std::none_of(
        thread.buffer.begin(), thread.buffer.begin() + static_cast<std::ptrdiff_t>(i),
        [&](const BufferedStore& earlier) { return earlier.word == thread.buffer[i].word; });
  }

  static void drain(State& state, std::size_t who, std::size_t i) {
    Thread& thread = state.threads[who];
    state.memory[thread.buffer[i].word] = thread.buffer[i].value;
    for (std::size_t j = i + 1; j < thread.buffered; ++j) thread.buffer[j - 1] = thread.buffer[j];
    thread.buffer[--thread.buffered] = {};
  }

  // One operation that the other thread can see, and what follows it up to the next such.
  bool step(std::size_t node, const State& state, std::size_t who) {
    State next = state;
    Thread& thread = next.threads[who];
    const ModelOperation& todo = operation(state, who);
    if (!perform(next, thread, todo)) return false;
    ++thread.place;
    try {
      run_local(next, who);
    } catch (const Broken& broken) {
      fail(node, broken.promise);
    }
    visit(next, node, fmt::format("{}: {}", who, describe(todo)));
    return true;
  }

  static bool perform(State& state, Thread& thread, const ModelOperation& todo) {
    switch (todo.kind) {
      case Kind::store:
        if (thread.buffered == kMostBuffered) return false;
        thread.buffer[thread.buffered++] = {static_cast<std::uint8_t>(todo.where),
                                            todo.value(thread.registers),
                                            todo.order == StoreOrder::release};
        return true;
      case Kind::load:
        thread.registers[todo.to] = seen_value(state, thread, todo.where);
        return true;
      case Kind::fence:
        return thread.buffered == 0;
      case Kind::ring:
        if (thread.buffered > 0) return false;  // a system call orders stores before it
        state.rung[todo.where] = 1;
        return true;
      case Kind::wait:
        if (thread.buffered > 0) return false;
        if (state.rung[todo.where] == 0) return todo.also_death && state.second_is_dead != 0;
        state.rung[todo.where] = 0;
        return true;
      default:
        return false;  // the end
    }
  }

  static std::uint8_t seen_value(const State& state, const Thread& thread, std::size_t word) {
    for (std::size_t i = thread.buffered; i > 0; --i) {
      if (thread.buffer[i - 1].word == word) return thread.buffer[i - 1].value;
    }
    return state.memory[word];
  }

  // Operations that only the thread itself sees.
  void run_local(State& state, std::size_t who) const {
    Thread& thread = state.threads[who];
    while (true) {
      const ModelOperation& todo = operation(state, who);
      switch (todo.kind) {
        case Kind::branch:
          thread.place = next_place(who, thread, todo, todo.condition(thread.registers));
          break;
        case Kind::branch_if_dead:
          thread.place = next_place(who, thread, todo, state.second_is_dead != 0);
          break;
        case Kind::set:
          thread.registers[todo.where] = todo.value(thread.registers);
          ++thread.place;
          break;
        case Kind::check:
          if (!todo.condition(thread.registers)) throw Broken{"broken promise: " + todo.target};
          ++thread.place;
          break;
        default:
          return;
      }
    }
  }

  std::uint8_t next_place(std::size_t who, const Thread& thread, const ModelOperation& todo,
                          bool taken) const {
    const std::size_t place = taken ? programs_[who]->place(todo.target) : thread.place + 1U;
    return static_cast<std::uint8_t>(place);
  }

  static std::string describe(const ModelOperation& todo) {
    constexpr std::array<const char*, 10> kNames = {
        "store to word", "fence",          "load of word", "ring of bell", "wait for bell",
        "branch",        "branch if dead", "set",          "check",        "end"};
    return fmt::format("{} {}", kNames[static_cast<std::size_t>(todo.kind)], todo.where);
  }

  std::array<const ModelProgram*, 2> programs_;
  StoreModel model_;
  bool may_die_;
  std::deque<Node> nodes_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

ModelOutcome explore(const ModelProgram& first, const ModelProgram& second, StoreModel model,
                     bool second_may_die) {
  return Explorer(first, second, model, second_may_die).run();
}

}  // namespace joust::test
