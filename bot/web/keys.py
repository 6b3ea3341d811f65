"""What a request handler finds in its application."""

from aiohttp import web

from bot.wiring import Application

APPLICATION = web.AppKey("application", Application)
