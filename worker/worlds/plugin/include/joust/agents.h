/* The interface between joust and a library of agents for its SCML worlds. Plain C, and all that
 * either side knows of the other; the library is linked to nothing of joust's. In C++,
 * joust/agent.hpp is more comfortable.
 *
 * A library exports one function, joust_agents_entry(), which returns the types of agents in it.
 * For each world, joust creates an agent for each seat that such a type plays, and destroys it when
 * the world is over. One is created and destroyed to check a spec, too, in a process of its own.
 *
 * The rules of joust/plugin.h hold here as well: no exception leaves a function of either side; all
 * functions are called from one thread; whoever made a piece of memory frees it, and what a
 * function is given is valid until it returns and is only read, where nothing else is said. What an
 * agent does is a function of its setting and of what it was told since: everything random comes
 * from its seed.
 *
 * Days, factories and levels are counted from 0. Quantities are in units of a product; prices and
 * balances in money, unit prices per unit. */
#ifndef JOUST_AGENTS_H
#define JOUST_AGENTS_H

#include <joust/plugin.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NOLINTBEGIN(readability-identifier-naming): names of C, which has no namespaces */

/* The version of this interface. joust loads libraries that were built for exactly this one. Within
 * a version, fields are only added at the end of structs whose size is told (in themselves, or
 * beside the pointer to the first of an array), and leaving out what is new changes nothing. */
#define JOUST_AGENTS_ABI 1u

/* ---- What is negotiated. These four never change within a version. */

struct joust_offer {
  int32_t quantity;
  int32_t day; /* of delivery */
  int32_t unit_price;
};

/* The values that an offer may have, both ends included. */
struct joust_issue {
  int32_t low;
  int32_t high;
};

struct joust_issues {
  struct joust_issue quantity;
  struct joust_issue day;
  struct joust_issue unit_price;
};

/* A contract or an offer, seen from one factory. */
struct joust_trade {
  int32_t quantity;
  int32_t day;
  double unit_price;
  int32_t is_output; /* not 0: the factory sells */
  int32_t reserved;
};

/* ---- What an agent sees. */

/* What its factory knows: kept by joust, and as it stands when the agent is called. */
struct joust_desk {
  uint32_t struct_size; /* bytes, of this struct in the joust that calls */

  /* The whole game */
  int32_t factory;        /* its own number; partners have others */
  int32_t level;          /* 0 turns raw material into the first product */
  int32_t levels;         /* of the world: 2 to 4 */
  int32_t days;           /* of the world */
  int32_t rounds;         /* of a negotiation, at most */
  int32_t competitors;    /* other factories on its level */
  int32_t perishable;     /* not 0: unused material does not live until tomorrow */
  int32_t lines;          /* units that it can produce in a day */
  double production_cost; /* of a unit */

  /* Today */
  int32_t day;
  int32_t suppliers; /* partners that it negotiates with today */
  int32_t consumers;
  int32_t raw_supply;   /* units that the outside world delivers today, to all of level 0 */
  int32_t final_demand; /* units that it buys today, from all of the last level */
  int32_t exogenous_in; /* this factory's part of them */
  int32_t exogenous_out;
  int32_t inventory;         /* units of material left from earlier days */
  double exogenous_in_price; /* of all these units */
  double exogenous_out_price;
  double balance; /* when the day began */
  /* Each per unit and price of the product; which price is told by own_price_scale. */
  double shortfall_penalty; /* of what it promised and cannot deliver */
  double disposal_cost;     /* of material that is not used, where it perishes */
  double storage_cost;      /* the same where it does not */
  double input_price;       /* the public trading prices of what it buys and sells */
  double output_price;
  int32_t own_price_scale; /* not 0: costs are reckoned with the average price of its own trades */

  /* Now */
  int32_t supplies; /* units agreed on for today, without exogenous ones */
  int32_t sales;
  int32_t ahead; /* how many later days offers may be for: 0 in OneShot */
  /* units agreed on for later days: [0] is tomorrow; `ahead` of them */
  const int32_t* future_supplies;
  const int32_t* future_sales;

  struct joust_issues input_issues;  /* what may be offered to suppliers today */
  struct joust_issues output_issues; /* and to consumers */
};

/* One live negotiation in which it is the agent's turn. */
struct joust_talk {
  int32_t partner;          /* factory */
  int32_t round;            /* of this negotiation, from 0 */
  int32_t selling;          /* not 0: the agent would be the seller */
  int32_t has_offer;        /* 0: the agent makes the first one */
  struct joust_offer offer; /* the partner's */
};

enum joust_answer {
  JOUST_END = 0,    /* the negotiation ends without agreement */
  JOUST_ACCEPT = 1, /* the partner's offer binds both at once */
  JOUST_PROPOSE = 2 /* another offer; one outside the issues ends the negotiation */
};

struct joust_reply {
  int32_t answer;           /* enum joust_answer */
  struct joust_offer offer; /* of JOUST_PROPOSE */
};

/* What is to be answered: one talk, or all of a synchronous agent. */
struct joust_request {
  uint32_t struct_size; /* bytes, of this struct in the joust that calls */
  uint32_t talk_size;   /* bytes, from one talk to the next */
  uint32_t reply_size;
  uint32_t count;
  const struct joust_talk* talks;
  struct joust_reply* replies; /* to be written, one per talk; all zeros before */
};

struct joust_agreement {
  uint32_t struct_size; /* bytes, of this struct in the joust that calls */
  int32_t partner;
  int32_t selling;
  struct joust_offer terms;
};

/* What a day is worth. */
struct joust_outcome {
  uint32_t struct_size; /* bytes, of this struct in the caller: joust writes no more */
  int32_t total_input;  /* units, exogenous ones and the inventory included */
  int32_t total_output; /* units promised */
  int32_t produced;     /* and sold */
  int32_t shortfall;    /* promised, not delivered */
  int32_t leftover;     /* material not used */
  double utility;       /* revenue less all that follows */
  double revenue;       /* of the units sold */
  double paid;          /* for all inputs, used or not */
  double production_cost;
  double shortfall_penalty;
  double disposal_cost;
  double storage_cost;
};

/* What an agent is born with. Valid until destroy() has returned. */
struct joust_agent_setting {
  uint32_t struct_size; /* bytes, of this struct in the joust that calls */
  int32_t factories;    /* of the world: partners are numbered below it */
  int32_t lines;
  int32_t rounds;
  int32_t days; /* 0: no world is played, a spec is checked */
  uint32_t reserved;
  uint64_t seed; /* of this agent in this world */
  /* every one that the type declares, in the order of their names */
  const struct joust_named_value* parameters;
  size_t parameter_count;
};

/* Functions of joust for an agent, which take the struct itself as their first argument. Valid
 * until destroy() has returned; to be called while joust is in one of the agent's functions. */
struct joust_agent_host {
  uint32_t struct_size; /* bytes, of this struct in the joust that calls */
  uint32_t reserved;

  /* What the day of `desk` is worth with these trades and no others: the very function that the
   * world settles each day with. Trades of other days are ignored; exogenous trades and the
   * inventory are in the desk, which may be a changed copy with its own struct_size. */
  void (*outcome)(const struct joust_agent_host* host, const struct joust_desk* desk,
                  const struct joust_trade* trades, size_t count, struct joust_outcome* outcome);

  /* The agent has failed, for the reason of this text (at most 4096 bytes of it): the attempt at
   * this world is lost, charged to its competitor. Return soon after. */
  void (*fail)(const struct joust_agent_host* host, const char* text, size_t size);

  void* data; /* joust's */
};

/* ---- What a library declares. All of it stays valid as long as the library is loaded. */

struct joust_agent_type {
  const char* name;    /* what [[competitor]] type = "..." says: 1 to 64 of A-Z a-z 0-9 . _ - */
  const char* summary; /* one line, for people; null: none */
  const struct joust_parameter* parameters;
  size_t parameter_count;

  /* Makes an agent for one seat of one world: any pointer but null. Null: it cannot be made, for
   * the reason given to fail(). */
  void* (*create)(const struct joust_agent_setting* setting, const struct joust_agent_host* host);

  void (*destroy)(void* agent);

  /* Not 0: the agent wants all its negotiations in one act(). Asked once per agent. Null: 0. */
  int (*synchronous)(void* agent);

  /* A day begins: negotiations are open, nobody has spoken. Null: it need not know. */
  void (*begin_day)(void* agent, const struct joust_desk* desk);

  void (*act)(void* agent, const struct joust_desk* desk, const struct joust_request* request);

  /* One of its negotiations ended in agreement; the desk knows of it. Null: it need not know. */
  void (*on_agreement)(void* agent, const struct joust_desk* desk,
                       const struct joust_agreement* agreement);
};

struct joust_agents {
  uint32_t abi_version; /* JOUST_AGENTS_ABI; always the first four bytes, in every version */
  uint32_t struct_size; /* sizeof(struct joust_agents) */
  const char* trouble;  /* why the library cannot be used at all; null: it can */
  const struct joust_agent_type* types;
  size_t type_count; /* at least 1 */
  size_t type_size;  /* sizeof(struct joust_agent_type) */
};

/* What a library exports: always the same pointer, to static memory. */
JOUST_PLUGIN_EXPORT const struct joust_agents* joust_agents_entry(void);

/* NOLINTEND(readability-identifier-naming) */

#ifdef __cplusplus
}
#endif

#endif
